// The driver of the oracle: it compiles C# expressions with Microsoft's compiler, runs them, and says what came of each. Cases come on standard
// input, one JSON object a line ("id" and "expression", the whole text with its @(...) or @{...}); results leave in the same order. Arguments: the
// assemblies that expressions may refer to.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Threading;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

static class Driver
{
    // The namespaces whose types expressions name without them.
    const string Head = @"using System; using System.Collections.Generic; using System.Linq; using System.Text; using System.Text.RegularExpressions;
using System.Security.Cryptography; using System.Security.Cryptography.X509Certificates; using System.IO; using System.Xml; using System.Xml.Linq;
using Newtonsoft.Json; using Newtonsoft.Json.Linq; using Formatting = Newtonsoft.Json.Formatting;
";

    sealed class Case
    {
        public string ID, Expression, Error, Code, Type, Value;
        public int Number;
        public SyntaxTree Tree;
    }

    static void Main(string[] references)
    {
        CultureInfo.DefaultThreadCurrentCulture = Thread.CurrentThread.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = Thread.CurrentThread.CurrentUICulture = CultureInfo.InvariantCulture;
        var known = references.Select(r => MetadataReference.CreateFromFile(r)).ToArray();
        var cases = new List<Case>();
        var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        for (string line; (line = input.ReadLine()) != null;)
        {
            var o = (JObject)JsonConvert.DeserializeObject(line, new JsonSerializerSettings { DateParseHandling = DateParseHandling.None });
            cases.Add(new Case { ID = (string)o["id"], Expression = (string)o["expression"], Number = cases.Count });
        }
        const int many = 1000;
        for (var at = 0; at < cases.Count; at += many)
            Run(cases.Skip(at).Take(many).ToList(), known);
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { NewLine = "\n" };
        foreach (var c in cases)
            output.WriteLine(Line(c).ToString(Formatting.None));
        output.Flush();
    }

    static JObject Line(Case c)
    {
        var o = new JObject { ["id"] = c.ID };
        if (c.Error == null)
        {
            o["ok"] = true;
            o["type"] = c.Type;
            o["value"] = c.Value;
            return o;
        }
        o["ok"] = false;
        o["error"] = c.Error;
        if (c.Code != null)
            o["code"] = c.Code;
        return o;
    }

    // Run compiles cases together, leaves out those that don't compile, and runs the others.
    static void Run(List<Case> cases, MetadataReference[] known)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp7_3);
        foreach (var c in cases)
        {
            var text = c.Expression.Trim();
            var inner = text.Substring(2, text.Length - 3);
            // A policy expression is the body of a lambda expression; so are these.
            var body = text[1] == '(' ? "return (" + inner + "\n);" : inner + "\n";
            c.Tree = CSharpSyntaxTree.ParseText(Head + "public static class E" + c.Number + " { public static readonly Func<object> F = () => {\n" + body + "}; }", options, "E" + c.Number);
        }
        var settings = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Debug);
        for (;;)
        {
            var left = cases.Where(c => c.Error == null).ToList();
            var compilation = CSharpCompilation.Create("Batch" + Guid.NewGuid().ToString("N"), left.Select(c => c.Tree), known, settings);
            var image = new MemoryStream();
            var result = compilation.Emit(image);
            if (!result.Success)
            {
                var byTree = left.ToDictionary(c => c.Tree);
                foreach (var d in result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error))
                {
                    if (d.Location.SourceTree == null)
                        throw new Exception(d.ToString());
                    var c = byTree[d.Location.SourceTree];
                    c.Error = "CompileError";
                    if (c.Code == null)
                        c.Code = d.Id;
                    else if (Array.IndexOf(c.Code.Split(' '), d.Id) < 0)
                        c.Code += " " + d.Id;
                }
                continue;
            }
            var assembly = Assembly.Load(image.ToArray());
            foreach (var c in left)
            {
                var f = (Func<object>)assembly.GetType("E" + c.Number).GetField("F").GetValue(null);
                var thread = new Thread(() => Evaluate(c, f), 4 << 20);
                thread.Start();
                if (!thread.Join(5000))
                {
                    thread.Abort();
                    Console.Error.WriteLine("doesn't end: " + c.Expression);
                    c.Error = "TimeoutException";
                }
            }
            return;
        }
    }

    static void Evaluate(Case c, Func<object> f)
    {
        try
        {
            c.Type = Canonical.Of(f(), out c.Value);
        }
        catch (Exception e)
        {
            c.Error = e.GetType().Name;
        }
    }
}

// Canonical is the form of values that `atelier policy eval --json` documents.
static class Canonical
{
    public static string Of(object v, out string text)
    {
        text = null;
        if (v == null)
            return "null";
        var bytes = v as byte[];
        if (bytes != null)
        {
            text = Convert.ToBase64String(bytes);
            return "bytes";
        }
        if (v is Enum)
        {
            text = v.ToString();
            return "enum";
        }
        if (v is double || v is float)
        {
            text = Shortest(v);
            return v is double ? "double" : "float";
        }
        var keyword = Keyword(v);
        if (keyword != null)
        {
            text = v is IFormattable ? ((IFormattable)v).ToString(null, CultureInfo.InvariantCulture) : v.ToString();
            return keyword;
        }
        if (v is DateTime) { text = ((DateTime)v).ToString("o"); return "DateTime"; }
        if (v is DateTimeOffset) { text = ((DateTimeOffset)v).ToString("o"); return "DateTimeOffset"; }
        if (v is TimeSpan) { text = ((TimeSpan)v).ToString("c"); return "TimeSpan"; }
        if (v is Guid) { text = v.ToString(); return "Guid"; }
        if (v is Uri || v is StringBuilder) { text = v.ToString(); return v.GetType().Name; }
        var token = v as JToken;
        if (token != null) { text = token.ToString(Formatting.None); return v.GetType().Name; }
        var node = v as XNode;
        if (node != null) { text = node.ToString(SaveOptions.DisableFormatting); return v.GetType().Name; }
        if (v is XAttribute) { text = v.ToString(); return "XAttribute"; }
        if (v is IDictionary) return Entries((IDictionary)v, out text);
        if (v is IEnumerable && !(v is XObject)) return Items((IEnumerable)v, out text);
        text = v is IFormattable ? ((IFormattable)v).ToString(null, CultureInfo.InvariantCulture) : v.ToString();
        return "object";
    }

    static string Keyword(object v)
    {
        switch (Type.GetTypeCode(v.GetType()))
        {
            case TypeCode.Boolean: return "bool";
            case TypeCode.Char: return "char";
            case TypeCode.String: return "string";
            case TypeCode.SByte: return "sbyte";
            case TypeCode.Byte: return "byte";
            case TypeCode.Int16: return "short";
            case TypeCode.UInt16: return "ushort";
            case TypeCode.Int32: return "int";
            case TypeCode.UInt32: return "uint";
            case TypeCode.Int64: return "long";
            case TypeCode.UInt64: return "ulong";
            case TypeCode.Decimal: return "decimal";
        }
        return null;
    }

    static string Entries(IDictionary d, out string text)
    {
        var b = new StringBuilder("{");
        foreach (DictionaryEntry e in d)
        {
            if (b.Length > 1) b.Append(',');
            string key;
            Of(e.Key, out key);
            Quote(b, key);
            b.Append(':');
            Item(b, e.Value);
        }
        text = b.Append('}').ToString();
        return "dictionary";
    }

    static string Items(IEnumerable items, out string text)
    {
        var b = new StringBuilder("[");
        foreach (var item in items)
        {
            if (b.Length > 1) b.Append(',');
            Item(b, item);
        }
        text = b.Append(']').ToString();
        return "list";
    }

    static void Item(StringBuilder b, object item)
    {
        string text;
        if (Of(item, out text) == "null") b.Append("null");
        else Quote(b, text);
    }

    static void Quote(StringBuilder b, string s)
    {
        b.Append('"');
        foreach (var c in s)
        {
            switch (c)
            {
                case '"': b.Append("\\\""); break;
                case '\\': b.Append("\\\\"); break;
                case '\n': b.Append("\\n"); break;
                case '\r': b.Append("\\r"); break;
                case '\t': b.Append("\\t"); break;
                case '\b': b.Append("\\b"); break;
                case '\f': b.Append("\\f"); break;
                default:
                    if (c < 0x20) b.Append("\\u00").Append(((int)c).ToString("x2"));
                    else b.Append(c);
                    break;
            }
        }
        b.Append('"');
    }

    // Shortest is the shortest text that reads back to the same number: exponents below 1E-04, and from 1E+15 (a float's from 1E+07).
    static string Shortest(object v)
    {
        var d = Convert.ToDouble(v);
        if (double.IsNaN(d)) return "NaN";
        if (double.IsInfinity(d)) return d > 0 ? "Infinity" : "-Infinity";
        if (d == 0) return 1 / d < 0 ? "-0" : "0";
        var single = v is float;
        for (var digits = 1; ; digits++)
        {
            var e = d.ToString("E" + (digits - 1), CultureInfo.InvariantCulture); // a float is a double exactly
            if (digits == (single ? 9 : 17) || Reads(e, v)) return Plain(e, single ? 7 : 15);
        }
    }

    static bool Reads(string e, object v)
    {
        try { return v is float ? float.Parse(e, CultureInfo.InvariantCulture).Equals(v) : double.Parse(e, CultureInfo.InvariantCulture).Equals(v); }
        catch (OverflowException) { return false; }
    }

    static string Plain(string e, int precision)
    {
        var sign = e[0] == '-' ? "-" : "";
        var at = e.IndexOf('E');
        var exponent = int.Parse(e.Substring(at + 1), CultureInfo.InvariantCulture);
        var digits = e.Substring(sign.Length, at - sign.Length).Replace(".", "").TrimEnd('0');
        if (exponent < -4 || exponent >= precision)
            return sign + digits[0] + (digits.Length > 1 ? "." + digits.Substring(1) : "") + "E" + (exponent < 0 ? "-" : "+") + Math.Abs(exponent).ToString("00");
        if (exponent < 0) return sign + "0." + new string('0', -exponent - 1) + digits;
        if (digits.Length <= exponent + 1) return sign + digits.PadRight(exponent + 1, '0');
        return sign + digits.Substring(0, exponent + 1) + "." + digits.Substring(exponent + 1);
    }
}
