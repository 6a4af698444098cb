package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// batchNow is the instant that clocks show in a batch, unless a line says another: results are the same every day.
var batchNow = time.Date(2024, 5, 6, 7, 8, 9, 123_000_000, time.UTC)

// maxLine bounds one line of a batch.
const maxLine = 64 << 20

// line is one case; members that it doesn't name are ignored.
type line struct {
	ID         *string         `json:"id"`
	Expression *string         `json:"expression"`
	Context    json.RawMessage `json:"context"`
}

// Batch evaluates one JSON object a line and writes one result a line, in the same order. It says whether all lines were valid cases; the error
// is one of reading or writing.
func Batch(in io.Reader, out io.Writer) (valid bool, err error) {
	r := bufio.NewReaderSize(in, 1<<16)
	w := bufio.NewWriterSize(out, 1<<16)
	valid = true
	for {
		text, err := readLine(r)
		if len(bytes.TrimSpace(text)) > 0 {
			result := evaluateLine(text)
			valid = valid && result.Error != invalidInput
			if err := result.write(w); err != nil {
				return valid, err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return valid, w.Flush()
		case err != nil:
			_ = w.Flush()
			return valid, err
		}
	}
}

// readLine reads up to a line break.
func readLine(r *bufio.Reader) (text []byte, err error) {
	for {
		part, err := r.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case len(text) > maxLine:
			return nil, fmt.Errorf("a line has more than %d bytes", maxLine)
		case !errors.Is(err, bufio.ErrBufferFull):
			return text, err
		}
	}
}

func evaluateLine(text []byte) Result {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return Result{Error: invalidInput, Message: err.Error()}
	}
	if l.ID == nil || l.Expression == nil {
		return Result{Error: invalidInput, Message: "a case has an id and an expression"}
	}
	result := Evaluate(*l.Expression, l.Context, batchNow, false)
	if result.Error != invalidInput {
		result.ID = *l.ID
	}
	return result
}
