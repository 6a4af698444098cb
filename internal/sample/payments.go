package sample

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

type payment struct {
	ID        string `json:"id"`
	Amount    int    `json:"amount"`
	Currency  string `json:"currency"`
	Status    string `json:"status"` // pending, captured or refunded
	Customer  string `json:"customer"`
	Reference string `json:"reference,omitempty"`
	Refunded  int    `json:"refunded"`
	Created   string `json:"created"`
	refunds   int
}

type refund struct {
	ID        string `json:"id"`
	PaymentID string `json:"paymentId"`
	Amount    int    `json:"amount"`
	Reason    string `json:"reason,omitempty"`
	Created   string `json:"created"`
}

const (
	declinedAbove = 1_000_000 // an amount that no card of the samples covers
	maxPayments   = 1000      // kept; older ones make room for new ones
)

// payments is the data of the backend, the oldest payment first.
type payments struct {
	mu   sync.Mutex
	all  []*payment
	last int       // number of the newest payment
	day  time.Time // time of the next change; a clock that only changes move keeps answers the same from run to run
}

func newPayments() *payments {
	return &payments{
		all: []*payment{
			{ID: "pay-1001", Amount: 1250, Currency: "EUR", Status: "captured", Customer: "adventure-works", Reference: "INV-2026-104", Created: "2026-03-01T10:15:00Z"},
			{ID: "pay-1002", Amount: 99900, Currency: "USD", Status: "pending", Customer: "northwind", Reference: "INV-2026-111", Created: "2026-03-02T08:40:00Z"},
			{ID: "pay-1003", Amount: 4900, Currency: "EUR", Status: "captured", Customer: "fabrikam", Reference: "INV-2026-118", Created: "2026-03-03T16:20:00Z"},
		},
		last: 1003,
		day:  time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC),
	}
}

func (p *payments) routes() routes {
	return routes{
		"GET /payments":                      p.list,
		"POST /payments":                     p.create,
		"GET /payments/{paymentId}":          p.get,
		"POST /payments/{paymentId}/refunds": p.refund,
	}
}

func (p *payments) list(w http.ResponseWriter, r *http.Request) {
	status := r.URL.Query().Get("status")
	if status != "" && !slices.Contains([]string{"pending", "captured", "refunded"}, status) {
		refuse(w, http.StatusBadRequest, "Invalid query", "status must be pending, captured or refunded.")
		return
	}
	p.mu.Lock()
	var found []payment
	for _, one := range slices.Backward(p.all) {
		if status == "" || one.Status == status {
			found = append(found, *one)
		}
	}
	p.mu.Unlock()
	paginate(w, r, found)
}

func (p *payments) create(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Amount                        int
		Currency, Customer, Reference string
	}
	if !decode(w, r, &body, false) {
		return
	}
	switch {
	case body.Amount < 1:
		refuse(w, http.StatusBadRequest, "Invalid payment", "amount must be a whole number above zero, in the smallest unit of the currency.")
	case !slices.Contains([]string{"EUR", "USD", "GBP"}, body.Currency):
		refuse(w, http.StatusBadRequest, "Invalid payment", "currency must be EUR, USD or GBP.")
	case body.Customer == "" || len(body.Customer) > 80 || len(body.Reference) > 80:
		refuse(w, http.StatusBadRequest, "Invalid payment", "customer is needed; customer and reference may have 80 characters.")
	case body.Amount > declinedAbove:
		refuse(w, http.StatusPaymentRequired, "Payment declined", "The card does not cover this amount.")
	default:
		one := p.add(payment{Amount: body.Amount, Currency: body.Currency, Status: "captured", Customer: body.Customer, Reference: body.Reference})
		w.Header().Set("Location", strings.TrimSuffix(r.URL.Path, "/")+"/"+one.ID)
		answer(w, http.StatusCreated, one)
	}
}

func (p *payments) add(one payment) payment {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last++
	one.ID, one.Created = fmt.Sprint("pay-", p.last), p.now()
	if len(p.all) == maxPayments {
		p.all = p.all[1:]
	}
	p.all = append(p.all, &one)
	return one
}

// now is the time of a change. The lock is held.
func (p *payments) now() string {
	now := p.day
	p.day = p.day.Add(time.Minute)
	return now.Format(time.RFC3339)
}

// find is the payment of that id, nil when there is none. The lock is held.
func (p *payments) find(id string) *payment {
	for _, one := range p.all {
		if one.ID == id {
			return one
		}
	}
	return nil
}

func (p *payments) get(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if one := p.find(r.PathValue("paymentId")); one != nil {
		answer(w, http.StatusOK, one)
		return
	}
	noPayment(w, r)
}

func noPayment(w http.ResponseWriter, r *http.Request) {
	refuse(w, http.StatusNotFound, "Payment not found", "There is no payment "+r.PathValue("paymentId")+".")
}

func (p *payments) refund(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Amount *int
		Reason string
	}
	if !decode(w, r, &body, true) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.find(r.PathValue("paymentId"))
	if one == nil {
		noPayment(w, r)
		return
	}
	left := one.Amount - one.Refunded
	amount := left
	if body.Amount != nil {
		amount = *body.Amount
	}
	switch {
	case one.Status == "pending":
		refuse(w, http.StatusConflict, "Payment not captured", "The money has not been taken yet.")
	case left == 0:
		refuse(w, http.StatusConflict, "Payment refunded", "All of it has been given back.")
	case amount < 1 || len(body.Reason) > 200:
		refuse(w, http.StatusBadRequest, "Invalid refund", "amount must be a whole number above zero; reason may have 200 characters.")
	case amount > left:
		refuse(w, http.StatusConflict, "Refund too large", fmt.Sprintf("%d is left to give back.", left))
	default:
		one.Refunded += amount
		one.refunds++
		if one.Refunded == one.Amount {
			one.Status = "refunded"
		}
		answer(w, http.StatusCreated, refund{fmt.Sprintf("%s-refund-%d", one.ID, one.refunds), one.ID, amount, body.Reason, p.now()})
	}
}
