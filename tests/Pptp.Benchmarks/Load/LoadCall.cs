using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Pptp.Linux;
using Pptp.Protocol.Control;
using Pptp.Protocol.Gre;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Benchmarks.Load;

/// <summary>One tunnel: its call, GRE, PPP and encryption.</summary>
internal sealed partial class LoadCall(LoadGenerator load, LoadConnection connection, int number, ushort callId)
    : TimedItem, IDisposable
{
    private const string HangUpText = "load over";

    /// <summary>The longest frame the GRE socket takes, in octets.</summary>
    private const int LongestFrame = GreBatch.DefaultSlotSize;

    private const int MostEarly = 8;

    private readonly Queue<byte[]> _early = new();
    private readonly byte[] _plain = new byte[LongestFrame];
    private GreCall? _gre;
    private PppLink? _link;
    private MppeStartKeys? _keys;
    private MppeEncryptor? _encryptor;
    private MppeDecryptor? _decryptor;
    private NetworkParameters? _network;
    private TimeSpan _began;
    private string _phase = "connecting";

    public ushort CallId => callId;

    public bool IsUp { get; private set; }

    /// <summary>Came up and ended, or failed to come up.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Up, or never going to be.</summary>
    public bool IsSettled => IsUp || IsOver;

    public IPAddress Address => _network?.LocalAddress ?? IPAddress.Any;

    public IPAddress PeerAddress => _network?.RemoteAddress ?? IPAddress.Any;

    public override TimeSpan? Deadline
    {
        get
        {
            if (IsOver) return null;
            TimeSpan? next = IsUp ? null : _began + load.Options.Timeout;
            next = Earliest(next, _link?.NextDeadline);
            return Earliest(next, _gre?.NextDeadline);
        }
    }

    public void Begin(TimeSpan now)
    {
        _began = now;
        load.Timers.Arm(this);
    }

    public void Enter(string phase) => _phase = phase;

    public void Answered(OutgoingCallReply reply, TimeSpan now)
    {
        load.Figures.CallSetUps.Add((now - _began).TotalMilliseconds);
        _phase = "negotiating LCP";
        _gre = new GreCall(new GreCallOptions
        {
            PeerCallId = reply.CallId,
            PeerReceiveWindow = reply.PacketReceiveWindowSize,
        });
        _link = new PppLink(
            new PppLinkOptions
            {
                AuthenticationMethods = load.Options.Methods,
                Login = new LinkLogin
                {
                    UserName = load.Options.UserOf(number),
                    Password = load.Options.PasswordOf(number),
                    Encryption = load.Options.Encryption,
                    Mppe = load.Options.Mppe,
                },
            },
            LoadRandom.Instance);
        _link.Open(now);
        Drain(now);
        while (_early.TryDequeue(out byte[]? octets))
        {
            if (GrePacket.TryParse(octets, out GrePacket packet)) Receive(packet, octets, now);
        }
    }

    /// <param name="packet">What came for this call.</param>
    /// <param name="octets">The same as it came.</param>
    /// <param name="now">The time.</param>
    public void Receive(in GrePacket packet, ReadOnlySpan<byte> octets, TimeSpan now)
    {
        if (IsOver) return;
        if (_gre is not { } gre)
        {
            // GRE can overtake the reply to the call. What is lost here the server repeats after three seconds.
            if (_early.Count < MostEarly) _early.Enqueue(octets.ToArray());
            return;
        }
        if (gre.Receive(packet, now) == GreReceiveResult.Deliver) Deliver(packet.Payload, now);
        while (!IsOver && gre.TryTakeHeld(now, out ReadOnlySpan<byte> held, out _)) Deliver(held, now);
        Drain(now);
    }

    public override void Advance(TimeSpan now)
    {
        if (!IsUp && now >= _began + load.Options.Timeout)
        {
            Over($"no answer in time, {_phase}");
            connection.Drop(this, now);
            return;
        }
        _link?.Advance(now);
        Drain(now);
        while (!IsOver && _gre!.TryTakeHeld(now, out ReadOnlySpan<byte> held, out _)) Deliver(held, now);
        if (_gre?.NextDeadline <= now)
        {
            Span<byte> slot = load.Outgoing(connection);
            if (_gre.TryWriteAcknowledgement(slot, now, out int length)) load.Add(length);
        }
    }

    /// <summary>Sends one IP packet of the load through the tunnel.</summary>
    public void SendTraffic(IPAddress destination, ushort packetNumber, TimeSpan now)
    {
        if (_network is not { } network || _gre is not { } gre) return;
        Span<byte> slot = load.Outgoing(connection);
        int start = gre.NextHeaderLength;
        ushort protocol = network.Mppe is null ? PppProtocol.Ipv4 : PppProtocol.Compressed;
        int head = PppFrame.WriteHeader(
            slot[start..], protocol, network.SendProtocolCompressed, network.SendAddressCompressed);
        int size = load.Options.PacketSize;
        Span<byte> body = slot[(start + head)..];
        int length = head + size;
        if (_encryptor is { } encryptor)
        {
            Span<byte> plain = body[MppeEncryptor.Overhead..];
            plain[0] = 0;
            plain[1] = (byte)PppProtocol.Ipv4;
            TrafficPacket.Write(
                plain.Slice(2, size), load.Options.Traffic, Address, destination, packetNumber, now.Ticks);
            length = head + encryptor.Encrypt(plain[..(size + 2)], body);
        }
        else
        {
            TrafficPacket.Write(
                body[..size], load.Options.Traffic, Address, destination, packetNumber, now.Ticks);
        }
        load.Add(gre.WriteHeader(slot, length, now) + length);
        load.Figures.PacketsSent++;
    }

    /// <summary>Asks the peer to end it, politely: PPP first, the call after.</summary>
    public void HangUp(TimeSpan now)
    {
        if (IsOver || !IsUp) return;
        _phase = HangUpText;
        _link!.Terminate(HangUpText, now);
        Drain(now);
    }

    /// <summary>It is over, for this reason; nothing that happens after counts.</summary>
    public void Over(string reason)
    {
        if (IsOver) return;
        IsOver = true;
        if (_phase != HangUpText)
            LoadFigures.Count(IsUp ? load.Figures.Losses : load.Figures.Failures, ChallengeText().Replace(reason, ""));
        IsUp = false;
        load.CallOver(this);
    }

    public void Dispose()
    {
        _keys?.Dispose();
        _encryptor?.Dispose();
        _decryptor?.Dispose();
    }

    private static TimeSpan? Earliest(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b : a;

    /// <summary>The challenge in an MS-CHAP failure differs each time, and would make each reason a new one.</summary>
    [GeneratedRegex(" C=[0-9A-Fa-f]{32}")]
    private static partial Regex ChallengeText();

    private void Deliver(ReadOnlySpan<byte> frame, TimeSpan now)
    {
        if (!PppFrame.TryParse(frame, out ushort protocol, out int offset)) return;
        ReadOnlySpan<byte> information = frame[offset..];
        switch (protocol)
        {
            case PppProtocol.Compressed when _decryptor is { } decryptor:
                MppeDecryptResult result = decryptor.Decrypt(information, _plain, out int length, now: now);
                if (result == MppeDecryptResult.Ok)
                {
                    ReadOnlySpan<byte> inner = _plain.AsSpan(0, length);
                    if (PppFrame.TryParse(inner, out protocol, out offset) && protocol == PppProtocol.Ipv4)
                        Count(inner[offset..], now);
                    return;
                }
                load.Figures.Undecrypted++;
                if (result == MppeDecryptResult.Lost) _link!.SendResetRequest(now);
                break;
            case PppProtocol.Ipv4 when _network is { Mppe: null }:
                Count(information, now);
                break;
            default:
                _link!.Receive(frame, now);
                break;
        }
    }

    private void Count(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        if (TrafficPacket.TryRead(packet, out long ticks))
            load.Figures.Arrived(packet.Length, (now - TimeSpan.FromTicks(ticks)).TotalMilliseconds);
    }

    private void Drain(TimeSpan now)
    {
        while (_link is { } link && link.TryTake(out PppEvent? happened))
        {
            switch (happened)
            {
                case PppEvent.Send send:
                    Span<byte> slot = load.Outgoing(connection);
                    int head = _gre!.WriteHeader(slot, send.Frame.Length, now);
                    send.Frame.CopyTo(slot[head..]);
                    load.Add(head + send.Frame.Length);
                    break;
                case PppEvent.LcpUp:
                    _phase = "logging in";
                    break;
                case PppEvent.LoggedIn loggedIn:
                    _phase = "negotiating the network";
                    _keys = loggedIn.Keys;
                    break;
                case PppEvent.NetworkUp up:
                    NetworkUp(up.Parameters, now);
                    break;
                case PppEvent.EncryptorResetRequested:
                    _encryptor?.Reset();
                    break;
                case PppEvent.Closed closed:
                    Over(string.Create(CultureInfo.InvariantCulture, $"PPP: {closed.Cause}, {closed.Detail}"));
                    connection.Drop(this, now);
                    break;
            }
        }
        load.Timers.Arm(this);
    }

    private void NetworkUp(NetworkParameters network, TimeSpan now)
    {
        _network = network;
        if (network.Mppe is { } mppe && _keys is { } keys)
        {
            _encryptor = new MppeEncryptor(keys.SendFor(mppe.Strength), mppe.Strength, mppe.Stateless);
            _decryptor = new MppeDecryptor(keys.ReceiveFor(mppe.Strength), mppe.Strength, mppe.Stateless);
        }
        _phase = "up";
        IsUp = true;
        load.Figures.SetUps.Add((now - _began).TotalMilliseconds);
        load.CallUp(this);
    }
}
