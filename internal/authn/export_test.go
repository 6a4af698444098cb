package authn

import "strconv"

// Remembered counts the tokens in the cache.
func Remembered(s *Service) int {
	s.verified.mu.RLock()
	defer s.verified.mu.RUnlock()
	return len(s.verified.tokens)
}

// Fill puts n made-up tokens into the cache.
func Fill(s *Service, n int, expires int64) {
	for i := range n {
		s.verified.put(strconv.Itoa(i), claims{Expires: expires}, s.now())
	}
}
