package lib

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	ipAddressT    = types.Class("System.Net.IPAddress")
	addressFamily = types.EnumWith("System.Net.Sockets.AddressFamily", false, []string{"Unspecified", "InterNetwork", "InterNetworkV6"}, []int64{0, 2, 23})

	addressFamilyDecl = types.Decl{Type: addressFamily, Doc: "The version of an address."}
)

// IPAddress is System.Net.IPAddress.
type IPAddress struct{ addr netip.Addr }

// NetType implements types.Typed.
func (*IPAddress) NetType() *types.Type { return ipAddressT }

// NetString implements types.Text.
func (a *IPAddress) NetString() string { return a.addr.String() }

// NetEquals implements types.Equatable.
func (a *IPAddress) NetEquals(other types.Value) bool {
	b, ok := other.(*IPAddress)
	return ok && b != nil && a.addr == b.addr
}

// NetHash implements types.Equatable.
func (a *IPAddress) NetHash() int32 { return types.Hash(a.addr.String()) }

// shortIPv4 reads what .NET takes for an IPv4 address besides four decimal numbers: fewer parts, the last of which fills the rest, and parts
// in octal (010) or hexadecimal (0x0a).
func shortIPv4(s string) (netip.Addr, bool) {
	parts := strings.Split(s, ".")
	if len(parts) > 4 || strings.ContainsAny(s, "_+-bBoO") {
		return netip.Addr{}, false
	}
	address := uint32(0)
	for i, p := range parts {
		bits := 8
		if i == len(parts)-1 {
			bits = 8 * (5 - len(parts))
		}
		n, err := strconv.ParseUint(p, 0, bits)
		if err != nil {
			return netip.Addr{}, false
		}
		address |= uint32(n) << (24 - 8*i - (bits - 8))
	}
	return netip.AddrFrom4([4]byte{byte(address >> 24), byte(address >> 16), byte(address >> 8), byte(address)}), true
}

func parseIPAddress(s string) (*IPAddress, error) {
	if v4, ok := shortIPv4(s); ok {
		return &IPAddress{v4}, nil
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return nil, types.Throw(types.Format, "An invalid IP address was specified.")
	}
	return &IPAddress{a}, nil
}

// ipAddressDecl is System.Net.IPAddress.
var ipAddressDecl = types.Decl{
	Type: ipAddressT, Doc: "An address of the Internet Protocol.",
	Denied: []string{"Any", "Loopback", "None", "Broadcast", "IPv6Any", "IPv6Loopback", "IPv6None", "MapToIPv4", "MapToIPv6", "ScopeId", "Address", "HostToNetworkOrder", "NetworkToHostOrder", "IsIPv4MappedToIPv6", "IsIPv6LinkLocal", "IsIPv6Multicast", "IsIPv6SiteLocal", "IsIPv6Teredo"},
	Members: []types.Member{
		{Sig: "static IPAddress Parse(string ipString)", Do: types.Fn1E(parseIPAddress), Doc: "Reads an address; FormatException otherwise.", Ex: `IPAddress.Parse("::1").AddressFamily.ToString() → InterNetworkV6`},
		{Sig: "static bool TryParse(string ipString, out IPAddress address)", Do: types.Fn2(func(s types.Value, out *types.Ref) bool {
			out.V = nil
			text, _ := s.(string)
			a, err := parseIPAddress(text)
			if err == nil {
				out.V = a
			}
			return err == nil
		}), Doc: "Reads an address, or gives false.", Ex: `IPAddress.TryParse("x", out var a) → False`},
		{Sig: "static bool IsLoopback(IPAddress address)", Do: types.Fn1E(func(a *IPAddress) (bool, error) {
			if a == nil {
				return false, types.ArgumentNull("address")
			}
			return a.addr.IsLoopback(), nil
		}), Doc: "Whether it names this machine.", Ex: `IPAddress.IsLoopback(IPAddress.Parse("127.0.0.1")) → True`},
		{Sig: "System.Net.Sockets.AddressFamily AddressFamily { get; }", Do: types.Fn1(func(a *IPAddress) types.Enum {
			if a.addr.Is4() {
				return types.Enum{Type: addressFamily, N: 2}
			}
			return types.Enum{Type: addressFamily, N: 23}
		}), Doc: "The version of the address."},
		{Sig: "byte[] GetAddressBytes()", Do: types.Fn1(func(a *IPAddress) *types.ByteArray { return bytesOf(a.addr.AsSlice()) }), Doc: "The bytes, most significant first."},
	},
}
