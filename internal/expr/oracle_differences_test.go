package expr_test

// differences lists the vectors of oracle.jsonl that the engine does not agree with, by reason. What is a limit of ours stands in docs/limits.md, too.
var differences = []struct{ why, ids string }{
	{"The text of a message: Mono's own, or that of another version of .NET.", `
		try-0078 try-0081 try-0083 try-0085 try-0088 try-0091 try-0095 try-0096 try-0097 try-0099 try-0100 try-0105`},
	{"Both refuse to compile; the compiler by way of extensions of current .NET (of spans and dictionaries), which Mono has.", `
		json-query-0041 json-query-0042 grown-0459 grown-0708 grown-1219 grown-1423 grown-1517 grown-1796 grown-1844 grown-1939`},
	{"The compiler has words that C# does not document.", "generic-0143"},
	{"Refused as what policy expressions or C# 7.3 don't have, by a code that says so; the compiler tells the consequence for its grammar, or takes it.", `
		local-0051 local-0052 local-0053 local-0054 local-0055 local-0056 unary-0226 unary-0228 unary-0229 unary-0230 unary-0231 unary-0232 unary-0233
		unary-0234 unary-0235 unary-0237 unary-0238 unary-0239 unary-0240 no-member-0213 no-member-0216 no-member-0218 no-member-0220 no-member-0223
		no-member-0225 no-member-0227 no-member-0504 generic-0117 generic-0118 generic-0119 generic-0120 generic-0121 generic-0122 generic-0123
		generic-0124 generic-0125 generic-0130 generic-0131 generic-0140 generic-0141 generic-0177`},
	{"Doubles are written in the shortest form that reads back, with the sign of zero, as by current .NET; the compared runtime keeps 15 digits.", `
		format-standard-0030 format-standard-0049 format-standard-0058 format-plain-0017 format-plain-0041 format-plain-0065 format-plain-0089
		json-parse-0306 json-write-0044 json-write-0045 json-write-0090 json-write-0091 json-write-0136 json-write-0137 no-member-0545`},
	{"Mono has an overload that .NET Framework lacks.", `
		text-search-0226 text-search-0239 text-search-0263 text-search-0276 text-search-0286 text-search-0300 text-search-0310 text-search-0323
		text-search-0336 text-search-0347 text-search-0360 text-search-0434 text-search-0437 text-search-0440 text-search-0447 text-search-0450
		text-search-0457 text-search-0460 text-search-0464 text-search-0470 text-search-0474 text-search-0477 text-search-0481 text-search-0484
		text-search-0487 text-search-0494 text-search-0497 text-search-0501 overload-0099 overload-0104`},
	{"Current .NET divides ticks, the compared runtime multiplies by a rounded factor.", "span-members-0017 span-members-0130 span-members-0143"},
	{"What follows the expression's closing bracket isn't C#: the policy's own syntax ends there.", `
		no-member-0453 no-member-0455 no-member-0458 no-member-0460 no-member-0462 no-member-0465 no-member-0467`},
	{"The questions are put as return (...), so that commas make a tuple there and not in a policy.", `
		no-member-0483 no-member-0485 no-member-0488 no-member-0490 no-member-0492 no-member-0495`},
	{"TypeCode is not among the types of policy expressions.", `
		text-members-0417 text-members-0420 text-members-0423 text-members-0426 text-members-0429 text-members-0431`},
	{"Texts are found by code points: ß is not ss.", "text-comparison-0089 text-comparison-0964"},
	{"Mono leaves letters of title case alone; .NET maps them.", "char-0243 char-0262 char-0281"},
	{"Mono takes a lone backslash; .NET refuses it, as we do.", "regex-unescape-0006"},
	{"Mono's spacing of document types.", "xml-parse-0054 xml-parse-0182 xml-document-0008 xml-document-0016"},
	{"Members that are not there.", "list-query-0014 overload-0227 overload-0243"},
	{"Mono counts a byte less than .NET.", "encoding-members-0048"},
	{"Mono fails by dereferencing null; .NET says which argument is missing.", "hashing-edges-0004"},
	{"Mono on Linux takes what begins with a slash for a file.", `
		uri-0020 uri-0074 uri-0128 uri-0263 uri-0317 uri-0452 uri-0506 uri-0560 uri-relative-0019 uri-relative-0071`},
	{"Mono escapes every character above 159 in HTML; .NET Framework those to 255, as we do.", "uri-escape-0084"},
	{"Arrays of int and uint are not each other's in casts from object.", "generic-0038"},
	{"Mono has an operator of current .NET.", "generic-0109"},
	{"Half of a surrogate pair is U+FFFD in a text, which sorts elsewhere.", "grown-1033"},
	{"C# leaves open what a double beyond ulong gives.", "cast-0126 cast-0127"},
}
