package lib

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/dlclark/regexp2/v2"
)

// This file alone knows the regular expression engine. It accepts a little more
// than .NET does and lacks Unicode block names: translate makes up for both.

const (
	regexTimeout  = time.Second           // for one search
	regexMoment   = 30 * time.Millisecond // of one search before it takes a seat
	regexStack    = 1 << 20               // slots of the backtracking stack
	maxPattern    = 16 << 10
	regexCacheMax = 256
)

// regexCache keeps compiled patterns, because an expression names its pattern
// anew each time it runs. It is emptied when full.
var regexCache = struct {
	sync.Mutex
	m map[string]*regexEngine
}{m: map[string]*regexEngine{}}

// regexEngine searches for one pattern. What takes longer than a moment begins anew with a seat of the pool.
type regexEngine struct {
	brief *regexp2.Regexp
	long  func() (*regexp2.Regexp, error) // compiled when somebody needs it
}

// numbers are those of the groups, in the order in which a match lists them.
func (re *regexEngine) numbers() []int { return re.brief.GetGroupNumbers() }

var fasterClock = sync.OnceFunc(func() { regexp2.SetTimeoutCheckPeriod(10 * time.Millisecond) })

func engineRegex(pattern string, options int64) (*regexEngine, error) {
	fasterClock()
	key := fmt.Sprint(options) + "/" + pattern
	regexCache.Lock()
	re := regexCache.m[key]
	regexCache.Unlock()
	if re != nil {
		return re, nil
	}
	if len(pattern) > maxPattern {
		return nil, types.Argument("pattern", fmt.Sprintf("The pattern is longer than %d bytes.", maxPattern))
	}
	translated, err := translatePattern(pattern, options)
	if err != nil {
		return nil, err
	}
	brief, err := compileEngine(translated, options, regexMoment)
	if err != nil {
		return nil, types.Throw(types.ArgumentExc, `parsing "`+pattern+`" - `+strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	re = &regexEngine{brief, sync.OnceValues(func() (*regexp2.Regexp, error) { return compileEngine(translated, options, regexTimeout) })}
	regexCache.Lock()
	if len(regexCache.m) >= regexCacheMax {
		clear(regexCache.m)
	}
	regexCache.m[key] = re
	regexCache.Unlock()
	return re, nil
}

func compileEngine(pattern string, options int64, timeout time.Duration) (*regexp2.Regexp, error) {
	const understood = 1 | 2 | 4 | 16 | 32 | 64 | 256
	re, err := regexp2.Compile(pattern, regexp2.RegexOptions(options&understood), regexp2.OptionMaxBacktrackingStackSize(regexStack))
	if err == nil {
		re.MatchTimeout = timeout
	}
	return re, err
}

// found is one match: the byte ranges of the captures of each group.
type found struct {
	groups []foundGroup
	handle *regexp2.Match
}

type foundGroup struct {
	name     string
	captures [][2]int // byte offset and length
}

// engineMatch finds the first match from a byte offset, or with after the one
// that follows; nil when there is none.
func engineMatch(env *types.Env, re *regexEngine, s string, from int, after *found) (*found, error) {
	if err := env.Step(int64(len(s)/256 + 1)); err != nil {
		return nil, err
	}
	if env.Remaining() <= 0 {
		return nil, &types.Limit{What: "time"}
	}
	m, err := engineSearch(re.brief, s, from, after)
	if err != nil && !errors.Is(err, regexp2.ErrBacktrackingStackLimit) {
		if err := env.Sit(); err != nil {
			return nil, err
		}
		var long *regexp2.Regexp
		if long, err = re.long(); err == nil {
			m, err = engineSearch(long, s, from, after)
		}
	}
	if err != nil {
		if errors.Is(err, regexp2.ErrBacktrackingStackLimit) {
			return nil, &types.Limit{What: "memory"}
		}
		return nil, &types.Limit{What: "time"}
	}
	if m == nil {
		return nil, nil
	}
	out := &found{handle: m}
	for _, g := range m.Groups() {
		fg := foundGroup{name: g.Name}
		for i := range g.Captures {
			at, n := g.Captures[i].ByteRange()
			fg.captures = append(fg.captures, [2]int{at, n})
		}
		out.groups = append(out.groups, fg)
	}
	return out, env.Charge(256 * len(out.groups))
}

func engineSearch(re *regexp2.Regexp, s string, from int, after *found) (*regexp2.Match, error) {
	switch {
	case after != nil:
		return re.FindNextMatch(after.handle)
	case from < 0:
		return re.FindStringMatch(s)
	default:
		return re.FindStringMatchStartingAt(s, from)
	}
}

// unicodeBlocks are the block names of .NET that patterns are likely to use,
// with their ranges.
var unicodeBlocks = map[string][2]rune{
	"IsBasicLatin": {0, 0x7F}, "IsLatin-1Supplement": {0x80, 0xFF}, "IsLatinExtended-A": {0x100, 0x17F}, "IsLatinExtended-B": {0x180, 0x24F},
	"IsIPAExtensions": {0x250, 0x2AF}, "IsSpacingModifierLetters": {0x2B0, 0x2FF}, "IsCombiningDiacriticalMarks": {0x300, 0x36F},
	"IsGreek": {0x370, 0x3FF}, "IsGreekandCoptic": {0x370, 0x3FF}, "IsCyrillic": {0x400, 0x4FF}, "IsCyrillicSupplement": {0x500, 0x52F},
	"IsArmenian": {0x530, 0x58F}, "IsHebrew": {0x590, 0x5FF}, "IsArabic": {0x600, 0x6FF}, "IsSyriac": {0x700, 0x74F}, "IsThaana": {0x780, 0x7BF},
	"IsDevanagari": {0x900, 0x97F}, "IsBengali": {0x980, 0x9FF}, "IsGurmukhi": {0xA00, 0xA7F}, "IsGujarati": {0xA80, 0xAFF}, "IsOriya": {0xB00, 0xB7F},
	"IsTamil": {0xB80, 0xBFF}, "IsTelugu": {0xC00, 0xC7F}, "IsKannada": {0xC80, 0xCFF}, "IsMalayalam": {0xD00, 0xD7F}, "IsSinhala": {0xD80, 0xDFF},
	"IsThai": {0xE00, 0xE7F}, "IsLao": {0xE80, 0xEFF}, "IsTibetan": {0xF00, 0xFFF}, "IsMyanmar": {0x1000, 0x109F}, "IsGeorgian": {0x10A0, 0x10FF},
	"IsHangulJamo": {0x1100, 0x11FF}, "IsEthiopic": {0x1200, 0x137F}, "IsCherokee": {0x13A0, 0x13FF}, "IsKhmer": {0x1780, 0x17FF}, "IsMongolian": {0x1800, 0x18AF},
	"IsLatinExtendedAdditional": {0x1E00, 0x1EFF}, "IsGreekExtended": {0x1F00, 0x1FFF}, "IsGeneralPunctuation": {0x2000, 0x206F},
	"IsSuperscriptsandSubscripts": {0x2070, 0x209F}, "IsCurrencySymbols": {0x20A0, 0x20CF}, "IsLetterlikeSymbols": {0x2100, 0x214F},
	"IsNumberForms": {0x2150, 0x218F}, "IsArrows": {0x2190, 0x21FF}, "IsMathematicalOperators": {0x2200, 0x22FF}, "IsMiscellaneousTechnical": {0x2300, 0x23FF},
	"IsBoxDrawing": {0x2500, 0x257F}, "IsBlockElements": {0x2580, 0x259F}, "IsGeometricShapes": {0x25A0, 0x25FF}, "IsMiscellaneousSymbols": {0x2600, 0x26FF},
	"IsDingbats": {0x2700, 0x27BF}, "IsCJKSymbolsandPunctuation": {0x3000, 0x303F}, "IsHiragana": {0x3040, 0x309F}, "IsKatakana": {0x30A0, 0x30FF},
	"IsBopomofo": {0x3100, 0x312F}, "IsHangulCompatibilityJamo": {0x3130, 0x318F}, "IsCJKUnifiedIdeographsExtensionA": {0x3400, 0x4DBF},
	"IsCJKUnifiedIdeographs": {0x4E00, 0x9FFF}, "IsYiSyllables": {0xA000, 0xA48F}, "IsHangulSyllables": {0xAC00, 0xD7AF}, "IsPrivateUse": {0xE000, 0xF8FF},
	"IsCJKCompatibilityIdeographs": {0xF900, 0xFAFF}, "IsAlphabeticPresentationForms": {0xFB00, 0xFB4F}, "IsArabicPresentationForms-A": {0xFB50, 0xFDFF},
	"IsHalfwidthandFullwidthForms": {0xFF00, 0xFFEF}, "IsSpecials": {0xFFF0, 0xFFFF},
}

func patternError(pattern, why string) error {
	return types.Throw(types.ArgumentExc, `parsing "`+pattern+`" - `+why)
}

// translatePattern refuses what .NET refuses and writes out block names.
func translatePattern(p string, options int64) (string, error) {
	t := &translation{p: p, spaced: options&32 != 0, script: options&256 != 0}
	for t.i < len(p) {
		n, err := t.class()
		if n == 0 && err == nil {
			n, err = t.outside()
		}
		if err != nil {
			return "", err
		}
		if n == 0 {
			t.copy(1)
		}
	}
	return t.b.String(), nil
}

// translation is the state of translating a pattern.
type translation struct {
	p      string
	i      int
	b      strings.Builder
	depth  int // of [ ]
	spaced bool
	script bool // ECMAScript
}

func (t *translation) copy(n int) int {
	t.b.WriteString(t.p[t.i : t.i+n])
	t.i += n
	return n
}

// class handles escapes, and brackets with what is in them; it tells how much
// of the pattern it took.
func (t *translation) class() (int, error) {
	p, i := t.p, t.i
	c := p[i]
	switch {
	case c == '\\' && i+1 < len(p):
		n, text, err := translateEscape(p, i, t.depth > 0)
		t.b.WriteString(text)
		t.i += n
		return n, err
	case c == '[' && (t.depth == 0 || i > 0 && p[i-1] == '-'):
		t.depth++
		t.copy(1)
		if t.i < len(p) && p[t.i] == '^' {
			t.copy(1)
		}
		if t.i < len(p) && p[t.i] == ']' {
			t.b.WriteString(`\]`)
			t.i++
		}
		return t.i - i, nil
	case t.depth > 0:
		if c == ']' {
			t.depth--
		}
		return t.copy(1), nil
	}
	return 0, nil
}

// outside handles comments, groups and quantifiers.
func (t *translation) outside() (int, error) {
	p, i := t.p, t.i
	switch c := p[i]; {
	case t.script && c == '.':
		t.b.WriteString(`[^\n]`) // the engine's own dot leaves out carriage returns, too
		t.i++
		return 1, nil
	case t.spaced && c == '#':
		n := strings.IndexByte(p[i:], '\n')
		if n < 0 {
			n = len(p) - i
		}
		return t.copy(n), nil
	case strings.HasPrefix(p[i:], "(?P"):
		return 0, patternError(p, "Unrecognized grouping construct.")
	case strings.HasPrefix(p[i:], "(?#"):
		n := strings.IndexByte(p[i:], ')')
		if n < 0 {
			return 0, patternError(p, "Unterminated (?#...) comment.")
		}
		t.i += n + 1
		return n + 1, nil
	case strings.HasPrefix(p[i:], "(?"):
		return t.copy(2), nil
	case strings.IndexByte("*+?{", c) >= 0:
		n := quantifier(p[i:])
		if n == 0 {
			return 0, nil
		}
		if i+n < len(p) && p[i+n] == '?' {
			n++
		}
		if i+n < len(p) && strings.IndexByte("*+?", p[i+n]) >= 0 {
			return 0, patternError(p, "Nested quantifier "+p[i+n:i+n+1]+".")
		}
		return t.copy(n), nil
	}
	return 0, nil
}

// quantifier is the length of *, +, ? or {n,m} at the start of s.
func quantifier(s string) int {
	if s[0] != '{' {
		return 1
	}
	i := 1
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	if i == 1 {
		return 0
	}
	if i < len(s) && s[i] == ',' {
		for i++; i < len(s) && isDigit(s[i]); i++ {
		}
	}
	if i < len(s) && s[i] == '}' {
		return i + 1
	}
	return 0
}

// translateEscape handles the escape at p[i] and tells its length.
func translateEscape(p string, i int, inClass bool) (int, string, error) {
	switch c := p[i+1]; c {
	case 'Q', 'E', 'R', 'X', 'K', 'h', 'H', 'N', 'y', 'Y', 'g', 'o', 'C', 'i', 'j', 'l', 'L', 'm', 'q', 'T', 'U', 'V', 'I', 'J', 'M', 'O', 'F':
		return 0, "", patternError(p, "Unrecognized escape sequence \\"+string(c)+".")
	case 'p', 'P':
		end := strings.IndexByte(p[i:], '}')
		if end < 0 || i+2 >= len(p) || p[i+2] != '{' {
			break
		}
		name := p[i+3 : i+end]
		block, ok := unicodeBlocks[name]
		if !ok {
			break
		}
		return end + 1, blockClass(block, c == 'P', inClass), nil
	}
	return 2, p[i : i+2], nil
}

func blockClass(r [2]rune, negated, inClass bool) string {
	span := func(a, b rune) string { return fmt.Sprintf(`\u%04X-\u%04X`, a, b) }
	switch {
	case !inClass && !negated:
		return "[" + span(r[0], r[1]) + "]"
	case !inClass:
		return "[^" + span(r[0], r[1]) + "]"
	case !negated:
		return span(r[0], r[1])
	case r[0] == 0:
		return span(r[1]+1, 0xFFFF)
	}
	return span(0, r[0]-1) + span(r[1]+1, 0xFFFF)
}
