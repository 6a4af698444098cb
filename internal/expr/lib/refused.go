package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

// refused declares types of .NET that people reach for and the service does
// not allow, so that the error can say so.
func refused() []types.Decl {
	out := []types.Decl{{Type: bigIntegerT, Doc: "Not allowed within expressions.", Refused: true}}
	for _, name := range []string{
		"System.Environment", "System.GC", "System.Activator", "System.Console", "System.AppDomain", "System.Buffer", "System.Version", "System.Lazy<T>",
		"System.WeakReference", "System.OperatingSystem",
		"System.Threading.Thread", "System.Threading.Monitor", "System.Threading.Interlocked", "System.Threading.Tasks.Task", "System.Threading.Tasks.Task<T>",
		"System.Diagnostics.Stopwatch", "System.Diagnostics.Process", "System.Diagnostics.Debug", "System.Diagnostics.Trace",
		"System.IO.File", "System.IO.Directory", "System.IO.Path", "System.IO.FileInfo", "System.IO.Stream", "System.IO.MemoryStream", "System.IO.FileStream",
		"System.IO.StreamReader", "System.IO.StreamWriter", "System.IO.BinaryReader", "System.IO.BinaryWriter",
		"System.Net.Dns", "System.Net.WebClient", "System.Net.HttpWebRequest", "System.Net.WebRequest", "System.Net.Http.HttpClient",
		"System.Globalization.CultureInfo", "System.Globalization.NumberStyles", "System.Globalization.DateTimeStyles", "System.Globalization.NumberFormatInfo",
		"System.Globalization.DateTimeFormatInfo", "System.Globalization.Calendar", "System.Globalization.CompareOptions",
		"System.Reflection.Assembly", "System.Reflection.MethodInfo", "System.Reflection.PropertyInfo",
		"System.Collections.Generic.LinkedList<T>", "System.Collections.Generic.SortedDictionary<TKey, TValue>", "System.Collections.Generic.SortedList<TKey, TValue>",
		"System.Collections.Generic.SortedSet<T>", "System.Collections.Concurrent.ConcurrentDictionary<TKey, TValue>", "System.Collections.ArrayList", "System.Collections.Hashtable",
		"System.Collections.Immutable.ImmutableList<T>", "System.Collections.Specialized.NameValueCollection",
		"System.Xml.XmlDocument", "System.Xml.XmlReader", "System.Xml.XmlWriter", "System.Xml.XmlNode", "System.Xml.XmlElement", "System.Xml.XmlConvert",
		"System.Xml.XPath.Extensions", "System.Xml.Xsl.XslCompiledTransform", "System.Xml.Serialization.XmlSerializer",
		"System.Security.Cryptography.RSACng", "System.Security.Cryptography.RSACryptoServiceProvider", "System.Security.Cryptography.Aes",
		"System.Security.Cryptography.AesManaged", "System.Security.Cryptography.AesCryptoServiceProvider", "System.Security.Cryptography.RijndaelManaged",
		"System.Security.Cryptography.TripleDES", "System.Security.Cryptography.Rfc2898DeriveBytes", "System.Security.Cryptography.ECDsa",
		"System.Security.Cryptography.CryptoStream", "System.Security.Cryptography.X509Certificates.X509Store", "System.Security.Cryptography.X509Certificates.X509Chain",
		"System.Web.HttpUtility", "System.Web.Script.Serialization.JavaScriptSerializer", "System.Text.Json.JsonSerializer",
		"System.Text.RegularExpressions.RegexStringValidator", "Newtonsoft.Json.JsonSerializer", "Newtonsoft.Json.JsonSerializerSettings", "Newtonsoft.Json.JsonTextReader",
		"Newtonsoft.Json.JsonTextWriter", "Newtonsoft.Json.Schema.JSchema",
	} {
		out = append(out, types.Decl{Type: types.Class(name), Doc: "Not allowed within expressions.", Refused: true})
	}
	return out
}
