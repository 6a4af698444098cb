package policies

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/atelier-apim/atelier/internal/policy"
)

// IPFilter allows or forbids callers by address.
var IPFilter = policy.Spec{
	Name:     "ip-filter",
	Doc:      "Allows only the listed caller addresses, or forbids them.",
	Sections: policy.In(policy.Inbound),
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("action", policy.OneOf("allow", "forbid")).Required().Expr().Doc("Whether the listed addresses are the only ones allowed, or refused."),
		policy.Children("address", policy.IPAddress).Expr().Doc("One address."),
		policy.Child("address-range",
			policy.Attr("from", policy.IPAddress).Required().Expr(),
			policy.Attr("to", policy.IPAddress).Required().Expr(),
		).Many().Doc("All addresses from one to another, both included."),
	),
	Compile: compileIPFilter,
}

// addressRange is a range of addresses; a single address is one from itself to itself.
type addressRange struct {
	from, to             policy.TextValue
	fromLiteral, toFixed netip.Addr
	literal              bool
}

func compileIPFilter(a *policy.Args) (policy.Step, error) {
	var ranges []addressRange
	for _, one := range a.All("address") {
		if !one.HasContent() {
			return nil, one.Errorf("the element 'address' needs an address")
		}
		ranges = append(ranges, addressRange{from: one.Content(), to: one.Content()})
	}
	for _, r := range a.All("address-range") {
		ranges = append(ranges, addressRange{from: r.Text("from"), to: r.Text("to")})
	}
	if len(ranges) == 0 {
		return nil, errors.New("the element 'ip-filter' is incomplete; a child element 'address' or 'address-range' is required")
	}
	for i := range ranges {
		if err := ranges[i].settle(); err != nil {
			return nil, err
		}
	}
	action := a.Text("action")
	return func(x *policy.Exchange) error {
		do, err := action.Get(x)
		if err != nil {
			return err
		}
		return filterAddress(x, do == "allow", ranges)
	}, nil
}

// settle parses literal bounds once.
func (r *addressRange) settle() error {
	from, literalFrom := r.from.Literal()
	to, literalTo := r.to.Literal()
	if !literalFrom || !literalTo {
		return nil
	}
	var err error
	r.fromLiteral, r.toFixed, err = bounds(from, to)
	r.literal = err == nil
	return err
}

func bounds(from, to string) (low, high netip.Addr, err error) {
	if low, err = netip.ParseAddr(from); err != nil {
		return low, high, fmt.Errorf("'%s' is not an IP address", from)
	}
	if high, err = netip.ParseAddr(to); err != nil {
		return low, high, fmt.Errorf("'%s' is not an IP address", to)
	}
	low, high = low.Unmap(), high.Unmap()
	if low.Is4() != high.Is4() || high.Less(low) {
		return low, high, fmt.Errorf("the range from %s to %s is empty", from, to)
	}
	return low, high, nil
}

func (r *addressRange) contains(x *policy.Exchange, ip netip.Addr) (bool, error) {
	low, high := r.fromLiteral, r.toFixed
	if !r.literal {
		from, err := r.from.Get(x)
		if err != nil {
			return false, err
		}
		to, err := r.to.Get(x)
		if err != nil {
			return false, err
		}
		if low, high, err = bounds(from, to); err != nil {
			return false, err
		}
	}
	return low.Is4() == ip.Is4() && low.Compare(ip) <= 0 && ip.Compare(high) <= 0, nil
}

// filterAddress refuses a caller whose address can't be read when only some are allowed, and lets it pass when some are forbidden.
func filterAddress(x *policy.Exchange, allow bool, ranges []addressRange) error {
	ip, err := netip.ParseAddr(x.Request.RemoteIP)
	if err != nil {
		if !allow {
			return nil
		}
		return forbidden("FailedToParseCallerIP", "Failed to establish IP address for the caller. Access denied.")
	}
	ip = ip.Unmap().WithZone("")
	listed := false
	for i := range ranges {
		if listed, err = ranges[i].contains(x, ip); err != nil {
			return err
		}
		if listed {
			break
		}
	}
	switch {
	case allow && !listed:
		return forbidden("CallerIpNotAllowed", fmt.Sprintf("Caller IP address %s is not allowed. Access denied.", x.Request.RemoteIP))
	case !allow && listed:
		return forbidden("CallerIpBlocked", "Caller IP address is blocked. Access denied.")
	}
	return nil
}

func forbidden(reason, message string) error {
	return &policy.Error{Reason: reason, Message: message, Status: 403, Public: "Forbidden"}
}
