using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

public sealed class ControlConnectionFuzzTests
{
    [Test]
    public void Random_octets_are_never_answered_and_always_closed([Range(1, 200)] int seed)
    {
        var random = new Xorshift((ulong)seed);
        byte[] bytes = new byte[1 + random.Next(2000)];
        random.Fill(bytes);
        bytes[0] |= 1;
        var peer = new ControlPeer();

        peer.Receive(bytes);

        var closed = (ControlEvent.Closed)peer.Take().Single();
        Assert.That(closed.Reason, Is.EqualTo(ControlCloseReason.MalformedMessage));
    }

    [TestCaseSource(typeof(ControlVectors), nameof(ControlVectors.Cases))]
    public void Each_prefix_of_each_message_before_the_end_of_TCP_leaves_nothing(ControlMessage message, byte[] bytes)
    {
        for (int length = 0; length < bytes.Length; length++)
        {
            ControlPeer peer = ControlPeer.WithCall(7, 1000);

            peer.Receive(bytes[..length]);
            Assert.That(peer.Take(), Is.Empty, $"{length} octets of {message.Type}");
            peer.Connection.TransportClosed("end of stream");

            Assert.That(peer.Take().Select(t => t.GetType()), Is.EqualTo(new[]
            {
                typeof(ControlEvent.CallEnded),
                typeof(ControlEvent.Closed),
            }));
        }
    }

    [TestCaseSource(typeof(ControlVectors), nameof(ControlVectors.Cases))]
    public void Every_single_octet_changed_in_every_message_is_survived(ControlMessage message, byte[] bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            foreach (byte flip in new byte[] { 0x01, 0x80, 0xFF })
            {
                byte[] changed = [.. bytes];
                changed[i] ^= flip;
                ControlPeer peer = ControlPeer.WithCall(7, 1000);

                peer.Receive(changed);

                Check(peer, new ControlModel { Accepted = { 1000 } }, message.Type.ToString());
            }
        }
    }

    /// <summary>
    /// Whole messages with random fields from small ranges, so that ids meet; the owner answers, late or at once,
    /// hangs up and stops at random. Whatever happens: each accepted call ends once, Closed is last.
    /// </summary>
    [Test]
    public void Random_conversations_keep_the_books_straight([Range(1, 300)] int seed)
    {
        var random = new Xorshift((ulong)seed + 10_000);
        ControlPeer peer = ControlPeer.Started();
        var model = new ControlModel();
        ushort nextId = 100;
        for (int step = 0; step < 200 && !peer.Connection.IsClosed; step++)
        {
            switch (random.Next(12))
            {
                case < 7:
                    peer.Receive(RandomMessages(random));
                    break;
                case < 10 when model.Requested.Count > 0:
                    ushort peerId = model.Requested.Dequeue();
                    if (random.Next(4) == 0)
                        peer.Connection.RefuseCall(peerId, OutgoingCallResult.Busy, ControlError.None, peer.Now);
                    else if (peer.Connection.AcceptCall(peerId, ++nextId, peer.Now))
                        model.Accepted.Add(nextId);
                    break;
                case 10 when model.Accepted.Count > 0:
                    ushort id = model.Accepted.First();
                    Check(peer, model, "before disconnect");
                    if (model.Accepted.Remove(id))
                        peer.Connection.DisconnectCall(id, CallDisconnectResult.Request, peer.Now);
                    break;
                case 11 when random.Next(40) == 0:
                    peer.Connection.Stop(StopControlConnectionReason.None, peer.Now);
                    break;
                default:
                    peer.Wait(random.Next(30));
                    break;
            }

            Check(peer, model, $"step {step}");
        }

        peer.Connection.TransportClosed("end");
        Check(peer, model, "end");
        Assert.That(model.Closed, Is.True);
        Assert.That(model.Accepted, Is.Empty);
    }

    private static byte[] RandomMessages(Xorshift random)
    {
        var bytes = new List<byte>();
        for (int count = random.Next(4); count >= 0; count--)
        {
            // Start at the fourth type: the peer's own stops would make most conversations short.
            int type = random.Next(60) switch { 0 => 3, 1 => 1, < 20 => 7, < 30 => 9, < 40 => 11, < 50 => 12, var other => 4 + (other % 12) };
            byte[] message = [.. ControlVectors.All[type - 1].Bytes];
            for (int i = 12; i < Math.Min(message.Length, 16); i += 2)
            {
                message[i] = 0;
                message[i + 1] = (byte)(type is 11 or 13 or 14 or 15 ? 100 + random.Next(20) : random.Next(5));
            }

            if (type == 1)
                message[12] = 1;
            bytes.AddRange(message);
        }

        return [.. bytes];
    }

    private static void Check(ControlPeer peer, ControlModel model, string where)
    {
        foreach (object taken in peer.Take())
        {
            Assert.That(model.Closed, Is.False, $"{where}: {taken} after Closed");
            switch (taken)
            {
                case ControlEvent.CallRequested requested:
                    model.Requested.Enqueue(requested.Request.CallId);
                    break;
                case ControlEvent.IncomingCallRequested incoming:
                    model.Requested.Enqueue(incoming.Request.CallId);
                    break;
                case ControlEvent.CallConnected connected:
                    Assert.That(model.Accepted, Does.Contain(connected.CallId), $"{where}: {connected}");
                    Assert.That(model.Connected.Add(connected.CallId), Is.True, $"{where}: {connected} twice");
                    break;
                case ControlEvent.WanErrors errors:
                    Assert.That(model.Accepted, Does.Contain(errors.CallId), $"{where}: {errors}");
                    break;
                case ControlEvent.CallEnded ended:
                    Assert.That(model.Accepted.Remove(ended.CallId), Is.True, $"{where}: {ended}");
                    break;
                case ControlEvent.LinkInfo info:
                    Assert.That(model.Accepted, Does.Contain(info.CallId), $"{where}: {info}");
                    break;
                case ControlEvent.Closed:
                    Assert.That(model.Accepted, Is.Empty, where);
                    model.Closed = true;
                    break;
                default:
                    break;
            }
        }
    }

    private sealed class ControlModel
    {
        public Queue<ushort> Requested { get; } = new();
        public HashSet<ushort> Accepted { get; } = [];
        public HashSet<ushort> Connected { get; } = [];
        public bool Closed { get; set; }
    }
}
