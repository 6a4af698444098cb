/*
 * module.c: what the host sees of libxml2 and libxslt.
 *
 * The module imports nothing: there is no file, clock, network or environment behind it, and the system calls that the C library refers to are
 * answered at the end of this file with "no". The host writes input into memory that it got from reserve(), calls one function, and reads what
 * came of it from state(). One instance works for one call: the host saves the memory after compile and puts it back before each use, so
 * nothing is ever freed here and nothing of one document is there for the next.
 *
 * Functions return 0 when all is well and 1 when the problems say what is wrong. A failed allocation sets state.exhausted and traps.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/tree.h>
#include <libxml/uri.h>
#include <libxml/xmlschemas.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <libxslt/extensions.h>
#include <libxslt/extra.h>
#include <libxslt/imports.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/variables.h>
#include <libxslt/xslt.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>

#define EXPORT(name) __attribute__((export_name(name), visibility("default")))

#define MAX_PROBLEMS 50
#define MAX_MESSAGE 1000
#define MAX_DOCUMENTS 256
#define MAX_DEPTH 1000 /* of templates that call each other */

static const char schema_ns[] = "http://www.w3.org/2001/XMLSchema";
static const char soap11_ns[] = "http://schemas.xmlsoap.org/soap/envelope/";
static const char soap12_ns[] = "http://www.w3.org/2003/05/soap-envelope";

/* State is what the host reads after a call. The order of its fields is known to machine.go. */
static struct {
	uint32_t exhausted; /* an allocation failed */
	uint32_t result, result_size;
	uint32_t kind;  /* of the result: 1 xml, 2 html, 3 text; of XPath: 1 nodes, 2 boolean, 3 number, 4 string */
	uint32_t media; /* xsl:output media-type, 0 for none */
	uint32_t encoding;
	uint32_t problems, problems_size;
	uint32_t too_large; /* the result is larger than the host allowed */
} state;

static uint32_t max_result;
static uint32_t seed;

EXPORT("state") uint32_t module_state(void) { return (uint32_t)(uintptr_t)&state; }

EXPORT("reserve") uint32_t module_reserve(uint32_t size) { return (uint32_t)(uintptr_t)xmlMalloc(size ? size : 1); }

/* ---- memory: an allocation that fails ends the call ---- */

static _Noreturn void exhausted(void)
{
	state.exhausted = 1;
	__builtin_trap();
}

static void *must_malloc(size_t size)
{
	void *p = malloc(size);
	if (p == NULL)
		exhausted();
	return p;
}

static void *must_realloc(void *old, size_t size)
{
	void *p = realloc(old, size);
	if (p == NULL && size > 0)
		exhausted();
	return p;
}

static char *must_strdup(const char *s)
{
	size_t size = strlen(s) + 1;
	return memcpy(must_malloc(size), s, size);
}

/*
 * sbrk takes memory that an earlier call of this instance has grown to before it grows more. The break is kept in memory like everything else:
 * when the host puts a saved memory back, it goes back as well.
 */
void *sbrk(intptr_t more)
{
	static uintptr_t brk;
	const uintptr_t page = 65536;
	uintptr_t size = __builtin_wasm_memory_size(0) * page;
	if (brk == 0)
		brk = size;
	if (more < 0 || (uintptr_t)more > UINT32_MAX - page - brk) {
		return (void *)-1;
	}
	uintptr_t old = brk, end = brk + (uintptr_t)more;
	if (end > size && __builtin_wasm_memory_grow(0, (end - size + page - 1) / page) == (size_t)-1)
		return (void *)-1;
	brk = end;
	return (void *)old;
}

/* ---- bytes that grow ---- */

struct bytes {
	uint8_t *at;
	uint32_t size, room;
};

static void append(struct bytes *b, const void *data, size_t size)
{
	if (size > INT32_MAX - b->size)
		exhausted();
	if (b->size + size > b->room) {
		b->room = 2 * (b->size + (uint32_t)size) + 256;
		b->at = must_realloc(b->at, b->room);
	}
	memcpy(b->at + b->size, data, size);
	b->size += (uint32_t)size;
}

static void append_number(struct bytes *b, uint32_t n) { append(b, &n, sizeof n); }

/* append_text writes a length and at most limit bytes. */
static void append_text(struct bytes *b, const char *s, size_t limit)
{
	size_t size = s == NULL ? 0 : strlen(s);
	if (size > limit)
		size = limit;
	append_number(b, (uint32_t)size);
	append(b, s == NULL ? "" : s, size);
}

/* ---- problems ---- */

enum { NOTE = 0, WARNING = 1, ERROR = 2 };

static struct bytes problems;
static uint32_t error_count;
static uint32_t note_count; /* and warnings: they never keep an error from being told */

static void problem(int level, long line, int column, const char *file, const char *path, const char *message)
{
	if ((level >= ERROR ? error_count++ : note_count++) >= MAX_PROBLEMS)
		return;
	append_number(&problems, (uint32_t)level);
	append_number(&problems, line > 0 ? (uint32_t)line : 0);
	append_number(&problems, column > 0 ? (uint32_t)column : 0);
	append_text(&problems, file, MAX_MESSAGE);
	append_text(&problems, path, MAX_MESSAGE);
	append_text(&problems, message, MAX_MESSAGE);
	state.problems = (uint32_t)(uintptr_t)problems.at;
	state.problems_size = problems.size;
}

/* path_of says where a node is in the words of its document; prefixes are those of the document. */
static char *path_of(xmlNodePtr n)
{
	enum { DEEPEST = 256 };
	xmlNodePtr line[DEEPEST];
	int depth = 0;
	if (n != NULL && n->type == XML_ATTRIBUTE_NODE)
		n = n->parent;
	for (; n != NULL && n->type == XML_ELEMENT_NODE && depth < DEEPEST; n = n->parent)
		line[depth++] = n;
	struct bytes path = {0};
	while (depth-- > 0 && path.size < MAX_MESSAGE) {
		char step[256];
		int nth = 1, many = 0;
		n = line[depth];
		for (xmlNodePtr s = n->prev; s != NULL; s = s->prev)
			nth += s->type == XML_ELEMENT_NODE && xmlStrEqual(s->name, n->name);
		for (xmlNodePtr s = n->next; s != NULL && !many; s = s->next)
			many = s->type == XML_ELEMENT_NODE && xmlStrEqual(s->name, n->name);
		const char *prefix = n->ns == NULL || n->ns->prefix == NULL ? "" : (const char *)n->ns->prefix;
		snprintf(step, sizeof step, "/%.80s%s%.120s", prefix, *prefix ? ":" : "", n->name);
		append(&path, step, strlen(step));
		if (nth > 1 || many) {
			snprintf(step, sizeof step, "[%d]", nth);
			append(&path, step, strlen(step));
		}
	}
	append(&path, "", 1);
	return (char *)path.at;
}

/* on_error hears the parser, XPath and the schema validator. */
static void on_error(void *unused, xmlErrorPtr e)
{
	if (e == NULL || e->message == NULL)
		return;
	long line = e->line;
	int column = 0;
	char *path = NULL;
	if (e->domain == XML_FROM_XPATH) {
		/* The position is one in the expression, not in the document. */
		char text[MAX_MESSAGE];
		if (e->str1 == NULL || *e->str1 == 0)
			snprintf(text, sizeof text, "%.200s", e->message);
		else
			snprintf(text, sizeof text, "%.200s in the expression %.600s, character %d", e->message, e->str1, e->int1 + 1);
		problem(ERROR, line, 0, e->file, NULL, text);
		return;
	}
	if (e->domain == XML_FROM_PARSER || e->domain == XML_FROM_NAMESPACE) {
		column = e->int2;
	} else if (e->node != NULL && error_count < MAX_PROBLEMS) {
		xmlNodePtr node = e->node;
		line = xmlGetLineNo(node);
		path = path_of(node);
	}
	problem(e->level == XML_ERR_WARNING ? WARNING : ERROR, line, column, e->file, path, e->message);
}

/* on_text hears libxslt, which speaks in printf: a line that says where, then one that says what. What comes without a place is xsl:message. */
static void on_text(void *unused, const char *format, ...)
{
	static int placed, level;
	static long line;
	static char element[128];
	va_list args;
	va_start(args, format);
	size_t n = strlen(format);
	if (n > 3 && strncmp(format, "%s: ", 4) == 0) {
		const char *type = va_arg(args, const char *);
		level = strstr(type, "warning") ? WARNING : ERROR;
		placed = 1;
		line = 0;
		element[0] = 0;
		if (strstr(format, "file %s"))
			(void)va_arg(args, const char *);
		if (strstr(format, "line %d"))
			line = va_arg(args, int);
		if (strstr(format, "element %s"))
			snprintf(element, sizeof element, "%s", va_arg(args, const char *));
	} else if (n == 3 && strcmp(format, "%s\n") == 0 && !placed) {
		(void)va_arg(args, const char *);
		level = ERROR;
		placed = 1;
		line = 0;
		element[0] = 0;
	} else {
		char text[MAX_MESSAGE];
		vsnprintf(text, sizeof text, format, args);
		/* A version beyond 1.1 is a remark: what is new in it falls back or is refused by itself. */
		if (strncmp(text, "xsl:version: only ", 18) == 0)
			level = WARNING;
		if (strcmp(text, "\n") != 0)
			problem(placed ? level : NOTE, placed ? line : 0, 0, NULL, placed && element[0] ? element : NULL, text);
		placed = 0;
	}
	va_end(args);
}

/* on_plain hears what libxml2 says in passing, such as the name of a function that isn't there. */
static void on_plain(void *unused, const char *format, ...)
{
	char text[MAX_MESSAGE];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	problem(ERROR, 0, 0, NULL, NULL, text);
}

/* ---- documents ---- */

static struct document {
	char *url;
	const char *text;
	int size;
	int root; /* it is imported by the driver */
	char *ns;
} documents[2 * MAX_DOCUMENTS + 1];
static int document_count;
static int documents_open; /* schemas are being compiled */

void __xmlLoaderErr(void *ctxt, const char *format, const char *url); /* of parserInternals, in no header */

static xmlParserInputPtr load(const char *url, const char *id, xmlParserCtxtPtr ctxt)
{
	for (int i = 0; documents_open && url != NULL && i < document_count; i++) {
		if (strcmp(documents[i].url, url) != 0)
			continue;
		xmlParserInputBufferPtr in = xmlParserInputBufferCreateMem(documents[i].text, documents[i].size, XML_CHAR_ENCODING_NONE);
		xmlParserInputPtr input = in == NULL ? NULL : xmlNewIOInputStream(ctxt, in, XML_CHAR_ENCODING_NONE);
		if (input != NULL)
			input->filename = must_strdup(url);
		return input;
	}
	/* To say that it can't be loaded, and not only to fail, makes a missing import a warning: it may be resolved by its namespace. */
	__xmlLoaderErr(ctxt, "%s is not among the documents of the set\n", url);
	return NULL;
}

static void refuse_doctype(void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	xmlParserCtxtPtr ctxt = ctx;
	const char *file = ctxt->input == NULL ? NULL : ctxt->input->filename;
	problem(ERROR, ctxt->input == NULL ? 0 : ctxt->input->line, ctxt->input == NULL ? 0 : ctxt->input->col, file, NULL,
		"a document type (DOCTYPE) is not allowed; remove it");
	ctxt->wellFormed = 0;
	xmlStopParser(ctxt);
}

/* parse reads a whole document without a document type; NULL when the problems say why not. */
static xmlDocPtr parse(const char *text, uint32_t size, const char *url, int options)
{
	xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
	if (ctxt == NULL)
		exhausted();
	ctxt->sax->internalSubset = refuse_doctype;
	ctxt->sax->externalSubset = NULL;
	ctxt->sax->resolveEntity = NULL;
	ctxt->sax->getParameterEntity = NULL;
	xmlDocPtr doc = xmlCtxtReadMemory(ctxt, text, (int)size, url, NULL, options | XML_PARSE_NONET | XML_PARSE_BIG_LINES);
	if (doc == NULL && error_count == 0)
		problem(ERROR, 0, 0, url, NULL, "this is not an XML document");
	xmlFreeParserCtxt(ctxt);
	return error_count == 0 ? doc : NULL;
}

/* ---- life ---- */

EXPORT("start") void module_start(uint32_t random, uint32_t largest_result)
{
	(void)sbrk(0);
	seed = random;
	max_result = largest_result;
	xmlMemSetup(free, must_malloc, must_realloc, must_strdup);
	xmlInitParser();
	xmlSetExternalEntityLoader(load);
	xmlSetStructuredErrorFunc(NULL, on_error);
	xmlSetGenericErrorFunc(NULL, on_plain);
	xsltSetGenericErrorFunc(NULL, on_text);
	xsltInit();
	xsltMaxDepth = MAX_DEPTH;
	xsltSecurityPrefsPtr deny = xsltNewSecurityPrefs();
	xsltSetSecurityPrefs(deny, XSLT_SECPREF_READ_FILE, xsltSecurityForbid);
	xsltSetSecurityPrefs(deny, XSLT_SECPREF_WRITE_FILE, xsltSecurityForbid);
	xsltSetSecurityPrefs(deny, XSLT_SECPREF_CREATE_DIRECTORY, xsltSecurityForbid);
	xsltSetSecurityPrefs(deny, XSLT_SECPREF_READ_NETWORK, xsltSecurityForbid);
	xsltSetSecurityPrefs(deny, XSLT_SECPREF_WRITE_NETWORK, xsltSecurityForbid);
	xsltSetDefaultSecurityPrefs(deny);
	/* node-set turns a result tree into nodes; it reads nothing from outside. */
	xsltRegisterExtModuleFunction((const xmlChar *)"node-set", (const xmlChar *)"urn:schemas-microsoft-com:xslt", xsltFunctionNodeSet);
	xsltRegisterExtModuleFunction((const xmlChar *)"node-set", (const xmlChar *)"http://exslt.org/common", xsltFunctionNodeSet);
}

static void begin(void)
{
	error_count = 0;
	note_count = 0;
	memset(&problems, 0, sizeof problems);
	memset(&state, 0, sizeof state);
}

static int finish(void) { return error_count > 0; }

static int give(const void *data, uint32_t size)
{
	if (size > max_result) {
		state.too_large = 1;
		return 1;
	}
	state.result = (uint32_t)(uintptr_t)data;
	state.result_size = size;
	return finish();
}

/* ---- XSLT ---- */

static xsltStylesheetPtr stylesheet;

EXPORT("stylesheet") int module_stylesheet(const char *text, uint32_t size)
{
	begin();
	xmlDocPtr doc = parse(text, size, "stylesheet", XML_PARSE_NOENT | XML_PARSE_NOCDATA);
	if (doc == NULL)
		return 1;
	for (xmlNodePtr n = xmlDocGetRootElement(doc)->children; n != NULL; n = n->next)
		if (IS_XSLT_ELEM(n) && (IS_XSLT_NAME(n, "import") || IS_XSLT_NAME(n, "include")))
			problem(ERROR, xmlGetLineNo(n), 0, NULL, path_of(n), "a stylesheet can't take in others here; put their templates into this one");
	if (finish())
		return 1;
	stylesheet = xsltParseStylesheetDoc(doc);
	if (stylesheet == NULL || stylesheet->errors > 0) {
		if (error_count == 0)
			problem(ERROR, 0, 0, NULL, NULL, "this is not a stylesheet of XSLT 1.0");
		return 1;
	}
	if (stylesheet->encoding != NULL && xmlFindCharEncodingHandler((const char *)stylesheet->encoding) == NULL)
		problem(ERROR, 0, 0, NULL, "output", "this encoding of xsl:output is not supported; use UTF-8, UTF-16, ISO-8859-1 or US-ASCII");
	if (stylesheet->methodURI != NULL)
		problem(ERROR, 0, 0, NULL, "output", "this method of xsl:output is not supported; use xml, html or text");
	return finish();
}

/* transform: params is a row of names and values, each ended by a zero byte. */
EXPORT("transform") int module_transform(const char *text, uint32_t size, const char *params, uint32_t params_size)
{
	begin();
	xmlDocPtr doc = parse(text, size, "document", XML_PARSE_NOENT | XML_PARSE_NOCDATA);
	if (doc == NULL)
		return 1;
	xsltTransformContextPtr ctxt = xsltNewTransformContext(stylesheet, doc);
	if (ctxt == NULL)
		exhausted();
	xsltSetTransformErrorFunc(ctxt, NULL, on_text);
	ctxt->maxTemplateDepth = MAX_DEPTH;
	for (const char *p = params, *end = params + params_size; p < end;) {
		const char *value = p + strlen(p) + 1;
		xsltQuoteOneUserParam(ctxt, (const xmlChar *)p, (const xmlChar *)value);
		p = value + strlen(value) + 1;
	}
	xmlDocPtr result = xsltApplyStylesheetUser(stylesheet, doc, NULL, NULL, NULL, ctxt);
	if (ctxt->state != XSLT_STATE_OK || result == NULL) {
		if (ctxt->state == XSLT_STATE_STOPPED && error_count == 0)
			problem(ERROR, 0, 0, NULL, "message", "the stylesheet ended the transformation with xsl:message");
		else if (error_count == 0)
			problem(ERROR, 0, 0, NULL, NULL, "the transformation failed");
		return 1;
	}
	xmlChar *out = NULL;
	int out_size = 0;
	if (xsltSaveResultToString(&out, &out_size, result, stylesheet) < 0) {
		problem(ERROR, 0, 0, NULL, NULL, "the result can't be written in the encoding of xsl:output");
		return 1;
	}
	state.kind = result->type == XML_HTML_DOCUMENT_NODE ? 2 : 1;
	if (stylesheet->method != NULL)
		state.kind = xmlStrEqual(stylesheet->method, (const xmlChar *)"text") ? 3 : xmlStrEqual(stylesheet->method, (const xmlChar *)"html") ? 2 : 1;
	state.media = (uint32_t)(uintptr_t)stylesheet->mediaType;
	state.encoding = (uint32_t)(uintptr_t)stylesheet->encoding;
	return give(out, (uint32_t)out_size);
}

/* ---- XML Schema ---- */

static xmlSchemaPtr schema;

EXPORT("schema_add") int module_schema_add(const char *url, uint32_t url_size, const char *text, uint32_t size)
{
	if (document_count >= MAX_DOCUMENTS)
		return 1;
	struct document *d = &documents[document_count++];
	d->url = must_malloc(url_size + 1);
	memcpy(d->url, url, url_size);
	d->url[url_size] = 0;
	d->text = text;
	d->size = (int)size;
	d->root = 1;
	return 0;
}

/* survey reads the namespaces of the documents and which of them are parts of others. */
static void survey(int count)
{
	for (int i = 0; i < count; i++) {
		struct document *d = &documents[i];
		xmlDocPtr doc = parse(d->text, (uint32_t)d->size, d->url, 0);
		if (doc == NULL) {
			if (finish())
				continue;
			return;
		}
		xmlNodePtr root = xmlDocGetRootElement(doc);
		if (root == NULL || root->ns == NULL || !xmlStrEqual(root->name, (const xmlChar *)"schema") || !xmlStrEqual(root->ns->href, (const xmlChar *)schema_ns)) {
			problem(ERROR, 1, 0, d->url, NULL, "this is not an XML Schema: the root element is not schema of http://www.w3.org/2001/XMLSchema");
			continue;
		}
		d->ns = (char *)xmlGetNoNsProp(root, (const xmlChar *)"targetNamespace");
		for (xmlNodePtr n = root->children; n != NULL; n = n->next) {
			if (n->type != XML_ELEMENT_NODE || (!xmlStrEqual(n->name, (const xmlChar *)"include") && !xmlStrEqual(n->name, (const xmlChar *)"redefine")))
				continue;
			xmlChar *at = xmlGetNoNsProp(n, (const xmlChar *)"schemaLocation");
			xmlChar *url = at == NULL ? NULL : xmlBuildURI(at, (const xmlChar *)d->url);
			for (int j = 0; url != NULL && j < count; j++)
				if (j != i && strcmp(documents[j].url, (char *)url) == 0)
					documents[j].root = 0;
		}
		xmlFreeDoc(doc);
	}
}

static void append_attribute(struct bytes *b, const char *name, const char *value)
{
	xmlChar *escaped = xmlEncodeSpecialChars(NULL, (const xmlChar *)value);
	append(b, " ", 1);
	append(b, name, strlen(name));
	append(b, "=\"", 2);
	append(b, escaped, strlen((char *)escaped));
	append(b, "\"", 1);
}

static void append_string(struct bytes *b, const char *s) { append(b, s, strlen(s)); }

static int same_ns(const struct document *a, const struct document *b)
{
	return a->ns == NULL || b->ns == NULL ? a->ns == b->ns : strcmp(a->ns, b->ns) == 0;
}

/*
 * driver writes a schema that imports every namespace of the set. Documents that share a namespace are included by a schema of their own, for
 * libxml2 takes one document per imported namespace; those namespaces come first, so that no single import of a document takes their place.
 */
static void driver(struct bytes *b, int count)
{
	append_string(b, "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" targetNamespace=\"urn:schema-set\">");
	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < count; i++) {
			int first = 1, many = 0;
			for (int j = 0; j < count; j++) {
				if (j == i || !documents[j].root || !same_ns(&documents[i], &documents[j]))
					continue;
				many = 1;
				first = first && j > i;
			}
			if (!documents[i].root || !first || many == pass)
				continue;
			const char *location = documents[i].url;
			if (many) {
				struct bytes all = {0};
				append_string(&all, "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"");
				if (documents[i].ns != NULL)
					append_attribute(&all, "targetNamespace", documents[i].ns);
				append_string(&all, ">");
				for (int j = i; j < count; j++) {
					if (!documents[j].root || !same_ns(&documents[i], &documents[j]))
						continue;
					append_string(&all, "<xs:include");
					append_attribute(&all, "schemaLocation", documents[j].url);
					append_string(&all, "/>");
				}
				append_string(&all, "</xs:schema>");
				struct document *d = &documents[document_count++];
				d->url = must_malloc(32);
				snprintf(d->url, 32, "namespace:/%d", i);
				d->text = (char *)all.at;
				d->size = (int)all.size;
				location = d->url;
			}
			append_string(b, "<xs:import");
			if (documents[i].ns != NULL)
				append_attribute(b, "namespace", documents[i].ns);
			append_attribute(b, "schemaLocation", location);
			append_string(b, "/>");
		}
	}
	append_string(b, "</xs:schema>");
}

EXPORT("schema_compile") int module_schema_compile(void)
{
	begin();
	int count = document_count;
	survey(count);
	if (finish())
		return 1;
	struct bytes text = {0};
	driver(&text, count);
	documents_open = 1;
	xmlSchemaParserCtxtPtr ctxt = xmlSchemaNewMemParserCtxt((char *)text.at, (int)text.size);
	if (ctxt == NULL)
		exhausted();
	xmlSchemaSetParserStructuredErrors(ctxt, on_error, NULL);
	schema = xmlSchemaParse(ctxt);
	documents_open = 0;
	if (schema == NULL && error_count == 0)
		problem(ERROR, 0, 0, NULL, NULL, "the schemas can't be read");
	return finish();
}

static int in_soap(xmlNodePtr n, const char *name, const char *ns)
{
	return n != NULL && n->ns != NULL && xmlStrEqual(n->name, (const xmlChar *)name) && xmlStrEqual(n->ns->href, (const xmlChar *)ns);
}

static xmlNodePtr next_element(xmlNodePtr n)
{
	while (n != NULL && n->type != XML_ELEMENT_NODE)
		n = n->next;
	return n;
}

/* payload checks the envelope and returns its body; NULL when the problems say what is wrong. */
static xmlNodePtr payload(xmlDocPtr doc, const char **ns)
{
	xmlNodePtr root = xmlDocGetRootElement(doc);
	*ns = in_soap(root, "Envelope", soap12_ns) ? soap12_ns : soap11_ns;
	if (!in_soap(root, "Envelope", *ns)) {
		problem(ERROR, xmlGetLineNo(root), 0, NULL, path_of(root), "this is not a SOAP message: the root element is not Envelope of SOAP 1.1 or 1.2");
		return NULL;
	}
	xmlNodePtr n = next_element(root->children);
	if (in_soap(n, "Header", *ns))
		n = next_element(n->next);
	if (!in_soap(n, "Body", *ns)) {
		problem(ERROR, xmlGetLineNo(n == NULL ? root : n), 0, NULL, path_of(n == NULL ? root : n), "the SOAP envelope has no Body where it belongs: after an optional Header");
		return NULL;
	}
	if (next_element(n->next) != NULL && strcmp(*ns, soap12_ns) == 0) {
		n = next_element(n->next);
		problem(ERROR, xmlGetLineNo(n), 0, NULL, path_of(n), "nothing may follow the Body of a SOAP envelope");
		return NULL;
	}
	return n;
}

EXPORT("validate") int module_validate(const char *text, uint32_t size, int soap)
{
	begin();
	xmlDocPtr doc = parse(text, size, NULL, XML_PARSE_NOENT);
	if (doc == NULL)
		return 1;
	xmlSchemaValidCtxtPtr ctxt = xmlSchemaNewValidCtxt(schema);
	if (ctxt == NULL)
		exhausted();
	xmlSchemaSetValidStructuredErrors(ctxt, on_error, NULL);
	int failed = 0;
	if (!soap) {
		failed = xmlSchemaValidateDoc(ctxt, doc);
	} else {
		const char *ns;
		xmlNodePtr body = payload(doc, &ns);
		if (body == NULL)
			return 1;
		/* A fault is described by SOAP itself. */
		for (xmlNodePtr n = next_element(body->children); n != NULL && failed >= 0; n = next_element(n->next))
			if (!in_soap(n, "Fault", ns))
				failed |= xmlSchemaValidateOneElement(ctxt, n);
	}
	if (failed != 0 && error_count == 0)
		problem(ERROR, 0, 0, NULL, NULL, "the document can't be validated");
	return finish();
}

/* ---- XPath ---- */

static void append_node(struct bytes *b, xmlNodePtr n)
{
	if (n->type == XML_NAMESPACE_DECL) {
		append_number(b, 0);
		append_text(b, NULL, 0);
		append_text(b, (char *)((xmlNsPtr)n)->href, INT32_MAX);
		append_text(b, NULL, 0);
		return;
	}
	append_number(b, (uint32_t)(xmlGetLineNo(n) > 0 ? xmlGetLineNo(n) : 0));
	append_text(b, (char *)xmlGetNodePath(n), INT32_MAX);
	xmlChar *s = xmlXPathCastNodeToString(n);
	append_text(b, (char *)s, INT32_MAX);
	xmlFree(s);
	xmlBufferPtr out = xmlBufferCreate();
	if (n->type == XML_ELEMENT_NODE || n->type == XML_COMMENT_NODE || n->type == XML_PI_NODE)
		xmlNodeDump(out, n->doc, n, 0, 0);
	append_text(b, (char *)xmlBufferContent(out), INT32_MAX);
	xmlBufferFree(out);
}

/* xpath: namespaces is a row of prefixes and names, each ended by a zero byte; the expression ends with one too. */
EXPORT("xpath") int module_xpath(const char *text, uint32_t size, const char *expression, const char *namespaces, uint32_t namespaces_size)
{
	begin();
	xmlXPathCompExprPtr compiled = xmlXPathCompile((const xmlChar *)expression);
	if (compiled == NULL) {
		if (error_count == 0)
			problem(ERROR, 0, 0, NULL, NULL, "this is not an XPath 1.0 expression");
		return 1;
	}
	xmlDocPtr doc = parse(text, size, NULL, XML_PARSE_NOENT | XML_PARSE_NOCDATA);
	if (doc == NULL)
		return 1;
	xmlXPathContextPtr ctxt = xmlXPathNewContext(doc);
	if (ctxt == NULL)
		exhausted();
	ctxt->node = (xmlNodePtr)doc;
	for (const char *p = namespaces, *end = namespaces + namespaces_size; p < end;) {
		const char *ns = p + strlen(p) + 1;
		xmlXPathRegisterNs(ctxt, (const xmlChar *)p, (const xmlChar *)ns);
		p = ns + strlen(ns) + 1;
	}
	xmlXPathObjectPtr found = xmlXPathCompiledEval(compiled, ctxt);
	if (found == NULL) {
		if (error_count == 0)
			problem(ERROR, 0, 0, NULL, NULL, "the XPath expression can't be evaluated");
		return 1;
	}
	struct bytes out = {0};
	switch (found->type) {
	case XPATH_NODESET:
		state.kind = 1;
		for (int i = 0; found->nodesetval != NULL && i < found->nodesetval->nodeNr; i++) {
			append_node(&out, found->nodesetval->nodeTab[i]);
			if (out.size > max_result)
				break;
		}
		break;
	case XPATH_BOOLEAN:
	case XPATH_NUMBER:
	case XPATH_STRING: {
		state.kind = found->type == XPATH_BOOLEAN ? 2 : found->type == XPATH_NUMBER ? 3 : 4;
		xmlChar *s = xmlXPathCastToString(found);
		append(&out, s, strlen((char *)s));
		break;
	}
	default:
		problem(ERROR, 0, 0, NULL, NULL, "the XPath expression gives a value of no known type");
	}
	return give(out.at, out.size);
}

/* ---- the system: there is none ---- */

#include <wasi/api.h>

/* The linker is told to take these for the library's own (tools/xml); a system call without an answer here would show as an import, which a test refuses. */

__wasi_errno_t __wrap___wasi_clock_time_get(__wasi_clockid_t id, __wasi_timestamp_t precision, __wasi_timestamp_t *time)
{
	/* Only the seed of hash tables asks for the time. */
	*time = (__wasi_timestamp_t)seed * 1000000000u;
	return 0;
}
__wasi_errno_t __wrap___wasi_environ_get(uint8_t **environ, uint8_t *buffer) { return 0; }
__wasi_errno_t __wrap___wasi_environ_sizes_get(__wasi_size_t *count, __wasi_size_t *size)
{
	*count = 0;
	*size = 0;
	return 0;
}
__wasi_errno_t __wrap___wasi_fd_close(__wasi_fd_t fd) { return __WASI_ERRNO_BADF; }
__wasi_errno_t __wrap___wasi_fd_fdstat_get(__wasi_fd_t fd, __wasi_fdstat_t *stat) { return __WASI_ERRNO_BADF; }
__wasi_errno_t __wrap___wasi_fd_fdstat_set_flags(__wasi_fd_t fd, __wasi_fdflags_t flags) { return __WASI_ERRNO_BADF; }
__wasi_errno_t __wrap___wasi_fd_prestat_get(__wasi_fd_t fd, __wasi_prestat_t *stat) { return __WASI_ERRNO_BADF; }
__wasi_errno_t __wrap___wasi_fd_prestat_dir_name(__wasi_fd_t fd, uint8_t *path, __wasi_size_t size) { return __WASI_ERRNO_BADF; }
__wasi_errno_t __wrap___wasi_fd_read(__wasi_fd_t fd, const __wasi_iovec_t *vec, size_t count, __wasi_size_t *done) { return __WASI_ERRNO_BADF; }
__wasi_errno_t __wrap___wasi_fd_seek(__wasi_fd_t fd, __wasi_filedelta_t offset, __wasi_whence_t whence, __wasi_filesize_t *at) { return __WASI_ERRNO_BADF; }
__wasi_errno_t __wrap___wasi_fd_write(__wasi_fd_t fd, const __wasi_ciovec_t *vec, size_t count, __wasi_size_t *done) { return __WASI_ERRNO_BADF; }
__wasi_errno_t __wrap___wasi_path_create_directory(__wasi_fd_t fd, const char *path) { return __WASI_ERRNO_BADF; }
__wasi_errno_t __wrap___wasi_path_filestat_get(__wasi_fd_t fd, __wasi_lookupflags_t flags, const char *path, __wasi_filestat_t *stat) { return __WASI_ERRNO_BADF; }
__wasi_errno_t __wrap___wasi_path_open(__wasi_fd_t fd, __wasi_lookupflags_t look, const char *path, __wasi_oflags_t flags, __wasi_rights_t base, __wasi_rights_t inherit,
	__wasi_fdflags_t fdflags, __wasi_fd_t *opened)
{
	return __WASI_ERRNO_BADF;
}
_Noreturn void __wrap___wasi_proc_exit(__wasi_exitcode_t code) { __builtin_trap(); }
