using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.DataPlane.Offload;
using Pptp.Linux;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// Waits at the interfaces that stand by for the first packet that is a reason to dial, and keeps it; those behind it
/// wait in the interface. One thread for all of them, which is there as long as one is watched.
/// </summary>
/// <param name="logger">For what must not be.</param>
internal sealed partial class StandByWatch(ILogger logger) : IDisposable
{
    private const ulong SignalToken = 0;

    /// <summary>More than any interface of ours lets in.</summary>
    private const int LongestPacket = VirtioHeader.Length + 65536;

    private readonly Lock _lock = new();
    private readonly EventPoll _poll = new();
    private readonly EventSignal _signal = new();
    private readonly Dictionary<ulong, Post> _watched = [];
    private readonly byte[] _packet = new byte[LongestPacket];
    private ulong _lastToken = SignalToken;
    private Thread? _thread;

    /// <param name="tun">With carrier; nobody else may read it until <see cref="End"/>.</param>
    /// <param name="onTraffic">
    /// Called once, on the watch's thread, at most: a packet came, or somebody deleted the interface, which is made
    /// again when the tunnel is up and not before.
    /// </param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public Post Begin(TunDevice tun, Action onTraffic)
    {
        lock (_lock)
        {
            if (_lastToken == SignalToken)
                _poll.Add(_signal.Descriptor, SignalToken);
            Post post = new(++_lastToken, tun, onTraffic);
            _poll.Add(tun.Descriptor, post.Token);
            _watched.Add(post.Token, post);
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "stand-by" };
                _thread.Start();
            }
            return post;
        }
    }

    /// <summary>From now on the interface may be read by another.</summary>
    /// <returns>The packet that was kept; null: there was none.</returns>
    public byte[]? End(Post post)
    {
        lock (_lock)
        {
            Forget(post);
            return post.Packet;
        }
    }

    public void Dispose()
    {
        Thread? thread;
        lock (_lock)
        {
            foreach (Post post in _watched.Values.ToList())
                Forget(post);
            thread = _thread;
        }
        thread?.Join();
        _poll.Dispose();
        _signal.Dispose();
    }

    private void Forget(Post post)
    {
        if (!_watched.Remove(post.Token))
            return;
        _poll.Remove(post.Tun.Descriptor);
        if (_watched.Count == 0)
            _signal.Set();
    }

    private void Run()
    {
        try
        {
            Span<PollEvent> events = stackalloc PollEvent[64];
            List<Action> found = [];
            for (bool isWanted = true; isWanted;)
            {
                int count = _poll.Wait(events, timeout: null);
                lock (_lock)
                {
                    _signal.Clear();
                    for (int i = 0; i < count; i++)
                    {
                        // A token that is not there was given up while this thread waited for the lock.
                        if (_watched.TryGetValue(events[i].Token, out Post? post) && IsReason(post))
                        {
                            Forget(post);
                            found.Add(post.OnTraffic);
                        }
                    }
                    isWanted = _watched.Count > 0;
                    if (!isWanted)
                        _thread = null;
                }
                foreach (Action onTraffic in found)
                    onTraffic();
                found.Clear();
            }
        }
        catch (Exception e)
        {
            // Nobody would ever dial again: better gone, and started again, than deaf.
            Log.Failed(logger, e);
            Environment.FailFast("stand-by watch failed", e);
        }
    }

    /// <summary>Reads until there is a reason to dial or nothing more to read.</summary>
    private bool IsReason(Post post)
    {
        while (true)
        {
            int length = post.Tun.Read(_packet);
            if (length < 0)
                return length == TunDevice.Gone;
            Span<byte> headerAndPacket = _packet.AsSpan(0, length);
            // A super-packet belongs to a connection that lost its tunnel: it will be sent again.
            if (!Segmenter.TryRead(headerAndPacket, out Segmenter segments) || segments.IsSuper
                || !WantsTunnel(headerAndPacket[post.Tun.HeaderLength..]))
            {
                continue;
            }
            post.Packet = _packet[post.Tun.HeaderLength..length];
            return true;
        }
    }

    /// <summary>
    /// The host greets every new interface: router solicitations and reports of IPv6, which the tunnel does not carry,
    /// and multicast of whoever announces itself. Nobody waits for an answer to these, so they are dropped.
    /// </summary>
    private static bool WantsTunnel(ReadOnlySpan<byte> packet)
    {
        const uint FirstMulticast = 0xE0000000;
        return packet.Length >= 20
            && packet[0] >> 4 == 4
            // 224.0.0.0/4, and above it what is reserved, 255.255.255.255 the last.
            && BinaryPrimitives.ReadUInt32BigEndian(packet[16..]) < FirstMulticast;
    }

    /// <summary>One interface that is watched.</summary>
    internal sealed class Post(ulong token, TunDevice tun, Action onTraffic)
    {
        public ulong Token { get; } = token;

        public TunDevice Tun { get; } = tun;

        public Action OnTraffic { get; } = onTraffic;

        public byte[]? Packet { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "the watch for packets that dial failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
