using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp.Multilink;

namespace Pptp.Protocol.Ppp;

/// <summary>What a <see cref="PppLink"/> wants done, or tells, in order.</summary>
public abstract record PppEvent
{
    private PppEvent()
    {
    }

    /// <summary>Send a whole PPP frame, FF 03 included, to the peer.</summary>
    public sealed record Send(byte[] Frame) : PppEvent;

    /// <summary>LCP is open and the login begins. Comes again when the peer begins anew before it answers.</summary>
    /// <param name="PeerMru">The longest information field the peer takes, in octets.</param>
    /// <param name="ProtocolCompression">The peer takes protocol numbers of one octet.</param>
    /// <param name="AddressCompression">The peer takes frames without FF 03.</param>
    /// <param name="PeerAccm">The control character map the peer asked for; it has no meaning in GRE.</param>
    /// <param name="Method">The login method agreed on.</param>
    public sealed record LcpUp(
        int PeerMru, bool ProtocolCompression, bool AddressCompression, uint? PeerAccm, AuthenticationMethod Method)
        : PppEvent
    {
        /// <summary>Null: the peer will send no multilink fragments.</summary>
        public MultilinkParameters? Multilink { get; init; }
    }

    /// <summary>
    /// Answer with <see cref="PppLink.Authorize"/> or <see cref="PppLink.Refuse"/>, or <see cref="EapCredentials"/>
    /// with <see cref="PppLink.Challenge"/>.
    /// </summary>
    public sealed record CredentialsReceived(PeerCredentials Credentials) : PppEvent;

    /// <summary>The peer was told that it is in; the network phase begins.</summary>
    public sealed record Authenticated : PppEvent;

    /// <summary>The peer has let us in, and has proven itself where the method can; the network phase begins.</summary>
    /// <param name="Keys">Null where the method yields none. They are the owner's from here on.</param>
    public sealed record LoggedIn(MppeStartKeys? Keys) : PppEvent;

    /// <summary>CCP is open.</summary>
    public sealed record EncryptionUp(MppeStrength Strength, bool Stateless) : PppEvent;

    /// <summary>The peer would not encrypt, and the policy lets the link go on in the clear.</summary>
    public sealed record EncryptionRefused(string Detail) : PppEvent;

    /// <summary>IPCP is open and encryption settled: the data path may open. At most once per link.</summary>
    public sealed record NetworkUp(NetworkParameters Parameters) : PppEvent;

    /// <summary>The data path must close. Follows each <see cref="NetworkUp"/>, before <see cref="Closed"/>.</summary>
    public sealed record NetworkDown(string Reason) : PppEvent;

    /// <summary>
    /// IPv6CP is open: once the network is up, which may come before or after, the data path may carry IPv6. At most
    /// once per link.
    /// </summary>
    /// <param name="LocalIdentifier">The lower half of our link-local address; not zero.</param>
    /// <param name="RemoteIdentifier">That of the peer's; neither zero nor ours.</param>
    public sealed record Ipv6Up(ulong LocalIdentifier, ulong RemoteIdentifier) : PppEvent;

    /// <summary>There will be no IPv6 on this link, which goes on without.</summary>
    public sealed record Ipv6Refused(string Detail) : PppEvent;

    /// <summary>
    /// The data path must carry no IPv6 any more, while the link goes on. Where the whole network goes down there is
    /// <see cref="NetworkDown"/> alone.
    /// </summary>
    public sealed record Ipv6Down(string Reason) : PppEvent;

    /// <summary>The peer answered our Echo-Request of this identifier.</summary>
    public sealed record EchoReply(byte Identifier) : PppEvent;

    /// <summary>The peer sent an Echo-Request, which is answered.</summary>
    public sealed record EchoRequestReceived : PppEvent;

    /// <summary>The peer's kind and version as it sent them (RFC 1570 §2.1). Not escaped.</summary>
    public sealed record PeerIdentification(byte[] Text) : PppEvent;

    /// <summary>The peer will end the link after so many seconds (RFC 1570 §2.2). The text is not escaped.</summary>
    public sealed record TimeRemaining(uint Seconds, byte[] Text) : PppEvent;

    /// <summary>
    /// The peer lost its decryption state (RFC 3078 §7.4): the encryptor starts over before the Reset-Ack, which
    /// follows as a <see cref="Send"/>.
    /// </summary>
    public sealed record EncryptorResetRequested : PppEvent;

    /// <summary>The last event. The peer's own words in the detail are printable ASCII.</summary>
    public sealed record Closed(LinkCloseCause Cause, string Detail) : PppEvent;
}
