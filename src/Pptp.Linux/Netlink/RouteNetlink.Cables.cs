namespace Pptp.Linux;

/// <content>Cables between network namespaces: veth(4).</content>
public sealed partial class RouteNetlink
{
    private const ushort IflaInfoData = 2;
    private const ushort VethInfoPeer = 1;

    /// <summary>
    /// Makes two interfaces joined back to back, both down: what goes into one comes out of the other. They go
    /// together, at the latest with the namespace of either.
    /// </summary>
    /// <param name="name">The end in this socket's namespace.</param>
    /// <param name="peerName">The other end.</param>
    /// <param name="peerNamespace">An open descriptor of the namespace the other end is put into.</param>
    /// <exception cref="ArgumentException">A name is not one the kernel takes.</exception>
    /// <exception cref="LinuxException">EEXIST: a name is taken. EOPNOTSUPP: the kernel has no veth.</exception>
    public void AddCable(string name, string peerName, int peerNamespace)
    {
        InterfaceName.Require(name, nameof(name));
        InterfaceName.Require(peerName, nameof(peerName));
        NetlinkMessage message = new NetlinkMessage(
            RtmNewLink,
            NetlinkSocket.Request | NetlinkSocket.Acknowledge | NetlinkSocket.Create | NetlinkSocket.Exclusive)
            .Body(default(LinkHeader))
            .AttributeString(IflaInterfaceName, name);
        int information = message.BeginNested(IflaLinkInfo);
        _ = message.AttributeString(IflaInfoKind, "veth");
        int data = message.BeginNested(IflaInfoData);
        int peer = message.BeginNested(VethInfoPeer);
        _ = message
            .Body(default(LinkHeader))
            .AttributeString(IflaInterfaceName, peerName)
            .Attribute(IflaNamespaceDescriptor, (uint)peerNamespace)
            .EndNested(peer)
            .EndNested(data)
            .EndNested(information);
        _socket.Execute(message).ThrowIfFailed("RTM_NEWLINK", $"veth {name} with {peerName}");
    }
}
