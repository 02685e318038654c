package io.deployguard.aws.endpoint;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which addresses the guard may ask. Whoever can tag a service chooses where the guard connects to, so that only public addresses are allowed:
 * neither this machine, nor a private network, nor the link-local services that hand out credentials. Private networks where internal load
 * balancers live can be allowed by name.
 *
 * @param allowed in addition to public ones
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry/">IANA's special-purpose addresses</a>
 */
public record Networks(List<Range> allowed) {

    /** Public addresses only. */
    public static final Networks PUBLIC = new Networks(List.of());

    private static final Pattern RANGE = Pattern.compile("(?<address>[0-9A-Fa-f:.]+)/(?<bits>\\d{1,3})");

    private static final List<Range> RESERVED = ranges(
            "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12"
                    + " 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24"
                    + " 224.0.0.0/4 240.0.0.0/4"
                    + " ::/128 ::1/128 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8");

    /** Never allowed, whatever the settings say: the credentials of tasks and instances are served here. */
    private static final List<Range> FORBIDDEN = ranges("169.254.0.0/16 fe80::/10 fd00:ec2::/32");

    public Networks {
        allowed = List.copyOf(allowed);
    }

    /**
     * Public addresses, and these.
     *
     * @param text ranges such as {@code 10.0.0.0/16}, separated by blanks or commas
     * @throws IllegalArgumentException naming the range that is none
     */
    public static Networks allowing(String text) {
        return new Networks(ranges(text));
    }

    /** Whether the guard may connect to it. */
    public boolean permit(InetAddress address) {
        return FORBIDDEN.stream().noneMatch(range -> range.contains(address))
                && (allowed.stream().anyMatch(range -> range.contains(address))
                        || RESERVED.stream().noneMatch(range -> range.contains(address)));
    }

    private static List<Range> ranges(String text) {
        var ranges = new ArrayList<Range>();
        for (var part : text.strip().split("[\\s,]+", -1)) {
            if (!part.isEmpty()) {
                ranges.add(Range.parse(part));
            }
        }
        return ranges;
    }

    /**
     * Addresses that share their first bits.
     *
     * @param network the first address
     */
    public record Range(InetAddress network, int bits) {

        static Range parse(String text) {
            var range = RANGE.matcher(text);
            if (!range.matches()) {
                throw wrong(text);
            }
            try {
                // Digits and colons only: nothing is looked up.
                var network = InetAddress.ofLiteral(range.group("address"));
                var bits = Integer.parseInt(range.group("bits"));
                if (bits > network.getAddress().length * 8) {
                    throw wrong(text);
                }
                return new Range(network, bits);
            } catch (IllegalArgumentException noAddress) {
                throw wrong(text);
            }
        }

        private static IllegalArgumentException wrong(String text) {
            return new IllegalArgumentException(
                    "network: expected an address range such as 10.0.0.0/16, got \"" + text + "\"");
        }

        boolean contains(InetAddress address) {
            var own = network.getAddress();
            var other = address.getAddress();
            if (own.length != other.length) {
                return false;
            }
            for (var bit = 0; bit < bits; bit++) {
                var mask = 0x80 >> (bit % 8);
                if ((own[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Looks a name up; Java gives addresses of IPv4 that are written as such of IPv6 as what they are. */
    static List<InetAddress> resolve(String host) throws UnknownHostException {
        return List.of(InetAddress.getAllByName(host));
    }
}
