using System.Net;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Control;
using Pptp.Protocol.Gre;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;
using Pptp.Protocol.Tests.Control;

namespace Pptp.Protocol.Tests.Captures;

/// <summary>
/// A server of the protocol's machines alone that the captured client dials. What the captured server sent, these
/// machines must send too, at that moment and byte for byte; anything else fails the test.
/// </summary>
internal sealed class ReplayedDial : IDisposable
{
    private const string Password = "secret";

    private readonly Capture _capture;
    private readonly ControlConnection _control;
    private readonly PppLink _link;
    private readonly Queue<byte[]> _controlOut = new();
    private readonly Queue<byte[]> _framesOut = new();
    private readonly byte[] _buffer = new byte[2048];
    private MppeStartKeys? _keys;
    private MppeEncryptor? _encryptor;
    private MppeDecryptor? _decryptor;
    private MppeDecryptor? _clientsDecryptor;
    private TimeSpan _now = TimeSpan.FromDays(1);

    private ReplayedDial(Capture capture)
    {
        _capture = capture;
        ControlConnectionOptions options = new() { HostName = "lab-server", VendorName = "pptpd" };
        _control = new ControlConnection(options, new CountingRandom(), _now);
        _link = new PppLink(new PppLinkOptions { ServerName = "lab-server" }, new CapturedRandom(capture));
    }

    /// <summary>All events but what was to be sent.</summary>
    public List<ControlEvent> ControlEvents { get; } = [];

    /// <summary>All events but what was to be sent.</summary>
    public List<PppEvent> Events { get; } = [];

    public GreCall Call { get; private set; } = null!;

    /// <summary>The most packets that were under way to the client without an acknowledgement.</summary>
    public uint MostOutstanding { get; private set; }

    /// <summary>Decrypted: the protocol, 00 21, and an IP packet.</summary>
    public List<byte[]> FromClient { get; } = [];

    /// <summary>Decrypted as the client does.</summary>
    public List<byte[]> FromServer { get; } = [];

    public static ReplayedDial Of(Capture capture)
    {
        ReplayedDial dial = new(capture);
        TimeSpan start = dial._now;
        foreach (CapturedPacket packet in capture.Packets)
        {
            dial._now = start + packet.At;
            dial.Take(packet);
        }
        Assert.That(dial._controlOut, Is.Empty);
        Assert.That(dial._framesOut, Is.Empty);
        return dial;
    }

    public static byte[] NtPasswordHash(string password = Password)
    {
        byte[] hash = new byte[MsChapV2.PasswordHashLength];
        MsChapV2.NtPasswordHash(password, hash);
        return hash;
    }

    public T Single<T>()
        where T : PppEvent => Events.OfType<T>().Single();

    public void Dispose()
    {
        _keys?.Dispose();
        _encryptor?.Dispose();
        _decryptor?.Dispose();
        _clientsDecryptor?.Dispose();
    }

    private void Take(CapturedPacket packet)
    {
        _control.Advance(_now);
        _link.Advance(_now);
        Drain();
        switch (packet)
        {
            case { IsControl: true, Bytes: [] }:
                break;
            case { IsControl: true, FromServer: false }:
                _control.Receive(packet.Bytes, _now);
                break;
            case { IsControl: true }:
                MustEqual(_controlOut, packet.Bytes);
                break;
            case { FromServer: false }:
                Receive(packet.Bytes);
                break;
            default:
                MustSend(packet);
                break;
        }
        Drain();
    }

    private void Receive(byte[] bytes)
    {
        Assert.That(GrePacket.TryParse(bytes, out GrePacket packet), Is.True);
        GreReceiveResult result = Call.Receive(packet, _now);
        Assert.That(
            result, Is.EqualTo(packet.HasSequence ? GreReceiveResult.Deliver : GreReceiveResult.NoPayload));
        if (result == GreReceiveResult.NoPayload)
            return;

        Assert.That(PppFrame.TryParse(packet.Payload, out ushort protocol, out int offset), Is.True);
        if (protocol == PppProtocol.Compressed)
            FromClient.Add(Decrypt(_decryptor!, packet.Payload[offset..]));
        else
            _link.Receive(packet.Payload, _now);
    }

    private void MustSend(CapturedPacket packet)
    {
        if (packet.Frame is [0xFD, .. byte[] encrypted])
            _framesOut.Enqueue([0xFD, .. EncryptAgain(encrypted)]);

        int length = packet.Frame.Length;
        if (length > 0)
        {
            MustEqual(_framesOut, packet.Frame);
            length = Call.WriteHeader(_buffer, length, _now);
            MostOutstanding = Math.Max(MostOutstanding, Call.Outstanding);
        }
        else
        {
            Assert.That(Call.TryWriteAcknowledgement(_buffer, _now, out length), Is.True);
        }
        Assert.That(Hexadecimal(_buffer[..length]), Is.EqualTo(Hexadecimal(packet.Bytes[..length])));
    }

    /// <summary>The server's data: what the client read in it, our encryptor must make into the same again.</summary>
    private byte[] EncryptAgain(byte[] encrypted)
    {
        byte[] plain = Decrypt(_clientsDecryptor!, encrypted);
        FromServer.Add(plain);
        return _buffer[.._encryptor!.Encrypt(plain, _buffer)];
    }

    private byte[] Decrypt(MppeDecryptor decryptor, ReadOnlySpan<byte> mppe)
    {
        MppeDecryptResult result = decryptor.Decrypt(mppe, _buffer, out int written, missing: 0);
        Assert.That(result, Is.EqualTo(MppeDecryptResult.Ok));
        return _buffer[..written];
    }

    private void Drain()
    {
        while (_control.TryTake(out ControlEvent? happened))
        {
            if (happened is ControlEvent.Send send)
            {
                _controlOut.Enqueue(send.Bytes);
                continue;
            }
            ControlEvents.Add(happened);
            if (happened is ControlEvent.CallRequested requested)
                Accept(requested.Request);
        }
        while (_link.TryTake(out PppEvent? happened))
        {
            if (happened is PppEvent.Send send)
            {
                _framesOut.Enqueue(send.Frame);
                continue;
            }
            Events.Add(happened);
            if (happened is PppEvent.CredentialsReceived received)
                LetIn((MsChapV2Credentials)received.Credentials);
            else if (happened is PppEvent.EncryptionUp up)
                Encrypt(up);
        }
    }

    private void Accept(OutgoingCallRequest request)
    {
        byte[] reply = _capture.Packets.Single(p => p.FromServer && p.IsControl && p.Bytes is [0, 32, ..]).Bytes;
        Assert.That(_control.AcceptCall(request.CallId, (ushort)((reply[12] << 8) | reply[13]), _now), Is.True);
        Call = new GreCall(new GreCallOptions
        {
            PeerCallId = request.CallId,
            PeerReceiveWindow = request.PacketReceiveWindowSize,
        });
        _link.Open(_now);
    }

    private void LetIn(MsChapV2Credentials credentials)
    {
        byte[] hash = NtPasswordHash();
        Assert.That(credentials.Verify(hash), Is.True);
        _keys = credentials.DeriveKeys(hash);
        LinkAuthorization authorization = new()
        {
            SuccessMessage = credentials.AuthenticatorResponse(hash),
            Keys = _keys,
            LocalAddress = IPAddress.Parse("10.0.0.1"),
            RemoteAddress = IPAddress.Parse("10.0.0.5"),
            DnsServers = [IPAddress.Parse("10.0.0.1")],
        };
        _link.Authorize(authorization, _now);
    }

    private void Encrypt(PppEvent.EncryptionUp up)
    {
        _encryptor = new MppeEncryptor(_keys!.Send, up.Strength, up.Stateless);
        _decryptor = new MppeDecryptor(_keys.Receive, up.Strength, up.Stateless);
        _clientsDecryptor = new MppeDecryptor(_keys.Send, up.Strength, up.Stateless);
    }

    private static string Hexadecimal(byte[] bytes) => Convert.ToHexString(bytes);

    private void MustEqual(Queue<byte[]> queue, byte[] captured)
    {
        Assert.That(queue.TryDequeue(out byte[]? sent), Is.True, $"nothing sent at {_now.TotalSeconds % 86400:0.000}");
        Assert.That(Hexadecimal(sent!), Is.EqualTo(Hexadecimal(captured)));
    }
}
