package proto

// depth is how deep brackets stand in one another, those in comments and texts left out. The parser works by recursion: this bounds it.
func depth(text []byte) int {
	deepest, now := 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '{', '[', '(', '<':
			now++
			deepest = max(deepest, now)
		case '}', ']', ')', '>':
			now = max(now-1, 0)
		case '"', '\'':
			i = endOfText(text, i)
		case '/':
			i = endOfComment(text, i)
		}
	}
	return deepest
}

// endOfText is the place of the quote that ends a text, or of the line's end, where it must have ended.
func endOfText(text []byte, i int) int {
	quote := text[i]
	for i++; i < len(text) && text[i] != quote && text[i] != '\n'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}

// endOfComment is the last place of the comment that begins here; the slash itself when none does.
func endOfComment(text []byte, i int) int {
	if i+1 >= len(text) {
		return i
	}
	switch text[i+1] {
	case '/':
		for i < len(text) && text[i] != '\n' {
			i++
		}
	case '*':
		for i += 2; i < len(text); i++ {
			if text[i] == '/' && text[i-1] == '*' {
				break
			}
		}
	}
	return i
}
