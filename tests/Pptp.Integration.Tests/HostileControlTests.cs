using System.Buffers.Binary;
using System.Net.Sockets;
using Pptp.Testing.Calling;

namespace Pptp.Integration.Tests;

/// <summary>Control connections that say what no client says.</summary>
internal sealed class HostileControlTests : ServerFixture
{
    private const int Seed = 20030213;

    private static readonly ParallelOptions SomeAtATime = new() { MaxDegreeOfParallelism = 16 };

    protected override bool HasBystander => true;

    [Test]
    public async Task Random_bytes_close_the_connection_without_a_reply()
    {
        Random random = new(Seed);
        byte[][] noise = [.. Enumerable.Range(0, 300).Select(_ => Noise(random, random.Next(2, 3000)))];

        await Parallel.ForEachAsync(noise, SomeAtATime, async (bytes, _) => await MustBeClosedAfterAsync(bytes, false));
    }

    [Test]
    public async Task Random_bytes_after_a_good_start_close_the_connection()
    {
        Random random = new(Seed);
        byte[][] noise = [.. Enumerable.Range(0, 300).Select(_ => Noise(random, random.Next(2, 3000)))];

        await Parallel.ForEachAsync(noise, SomeAtATime, async (bytes, _) => await MustBeClosedAfterAsync(bytes, true));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_message_with_a_random_body_is_survived(bool started)
    {
        Random random = new(Seed);
        byte[][] messages = [.. ControlWire.Types.SelectMany(type => Enumerable.Range(0, 20).Select(_ =>
        {
            byte[] message = ControlWire.Message(type);
            random.NextBytes(message.AsSpan(ControlWire.HeaderLength));
            return message;
        }))];

        await Parallel.ForEachAsync(messages, SomeAtATime, async (message, _) =>
        {
            await using ScriptedCaller caller = await Host.ConnectAsync();
            if (started)
                await caller.StartAsync();
            await SendDespiteCloseAsync(caller, message);
            await FinishAndWaitForCloseAsync(caller);
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Each_prefix_of_each_message_may_be_the_last_that_comes(bool started)
    {
        byte[][] prefixes = [.. ControlWire.Types.SelectMany(type =>
        {
            byte[] message = type switch
            {
                ControlWire.StartRequest => ControlWire.Start(),
                ControlWire.OutgoingCallRequest => ControlWire.Call(60_000),
                _ => ControlWire.Message(type),
            };
            return Enumerable.Range(0, message.Length + 1).Select(length => message[..length]);
        })];

        await Parallel.ForEachAsync(prefixes, SomeAtATime, async (prefix, _) =>
        {
            await using ScriptedCaller caller = await Host.ConnectAsync();
            if (started)
                await caller.StartAsync();
            await SendDespiteCloseAsync(caller, prefix);
            await FinishAndWaitForCloseAsync(caller);
        });
    }

    [Test]
    public async Task A_wrong_length_closes_the_connection_at_once_without_a_reply(
        [Values(0, 1, 11, 12, 15, 255, 65535)] int length, [Values] bool started)
    {
        await Parallel.ForEachAsync(ControlWire.Types, SomeAtATime, async (type, _) =>
        {
            byte[] message = ControlWire.Message(type);
            BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)length);
            await MustBeClosedAfterAsync(message, started);
        });
    }

    [Test]
    public async Task A_wrong_cookie_closes_the_connection_at_once_without_a_reply([Values] bool started)
    {
        await Parallel.ForEachAsync(ControlWire.Types, SomeAtATime, async (type, _) =>
        {
            byte[] message = ControlWire.Message(type);
            message[7] ^= 1;
            await MustBeClosedAfterAsync(message, started);
        });
    }

    [Test]
    public async Task Another_version_is_answered_with_result_5()
    {
        await using ScriptedCaller caller = await Host.ConnectAsync();

        await caller.SendAsync(ControlWire.Start(version: 0x0200));

        byte[] reply = await caller.WaitForAsync(ControlWire.StartReply);
        Assert.That(reply[14], Is.EqualTo(5));
        await caller.WaitForCloseAsync();
    }

    [Test]
    public async Task Start_call_and_clear_in_one_segment_are_answered_each()
    {
        byte[] segment = [.. ControlWire.Start(), .. ControlWire.Call(60_001), .. ControlWire.Clear(60_001)];

        await Parallel.ForEachAsync(Enumerable.Range(0, 100), SomeAtATime, async (_, _) =>
        {
            await using ScriptedCaller caller = await Host.ConnectAsync();
            await caller.SendAsync(segment);
            await caller.WaitForAsync(ControlWire.CallDisconnectNotify);
            Assert.That(
                caller.Received.Select(message => message[9]),
                Is.EqualTo([ControlWire.StartReply, ControlWire.OutgoingCallReply, ControlWire.CallDisconnectNotify]));
        });
    }

    [Test]
    public async Task Start_call_and_clear_may_come_octet_by_octet_and_be_left_by_a_reset()
    {
        byte[] segment = [.. ControlWire.Start(), .. ControlWire.Call(60_002), .. ControlWire.Clear(60_002)];

        await using (ScriptedCaller slow = await Host.ConnectAsync())
        {
            foreach (byte octet in segment)
                await slow.SendAsync(new[] { octet });
            await slow.WaitForAsync(ControlWire.CallDisconnectNotify);
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, 100), SomeAtATime, async (_, _) =>
        {
            ScriptedCaller hasty = await Host.ConnectAsync();
            await hasty.SendAsync(segment);
            hasty.Abort();
        });
    }

    [Test]
    public async Task A_call_id_may_be_asked_for_twice_and_cleared_twice()
    {
        await using ScriptedCaller caller = await Host.StartAsync();

        await caller.SendAsync((byte[])
        [
            .. ControlWire.Call(60_003), .. ControlWire.Call(60_003),
            .. ControlWire.Clear(60_003), .. ControlWire.Clear(60_003), .. ControlWire.Clear(60_004),
            .. ControlWire.Echo(7),
        ]);

        await caller.WaitForAsync(ControlWire.EchoReply);
        Assert.That(caller.Closed, Is.Null);
    }

    [Test]
    public async Task A_peer_that_never_reads_is_cut_off_and_its_call_with_it()
    {
        const int Most = 64 << 20;
        // The caller must talk before it stops listening: a call is up on the connection that then is only written to.
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall call = await caller.CallAsync(SettingsOf(Alice));
        await call.WaitForAsync(CallPhase.Up);
        await using ScriptedCaller deaf = await Host.ConnectAsync(read: false, receiveBuffer: 4096);
        byte[] echoes = [.. Enumerable.Range(0, 1024).SelectMany(i => ControlWire.Echo((uint)i))];

        await deaf.SendAsync(ControlWire.Start());
        await deaf.SendAsync(ControlWire.Call(60_005));
        int sent = 0;
        try
        {
            for (; sent < Most; sent += echoes.Length)
                await deaf.SendAsync(echoes, Limits.Step);
        }
        catch (SocketException)
        {
            // The server has closed the connection: what is hoped for.
        }

        Assert.That(sent, Is.LessThan(Most), $"the server took it all\n{Server.Report(Mark)}");
        TestContext.Out.WriteLine($"cut off after {sent} octets");
        Server.Log.WaitFor(": disconnected", Soon, after: Mark);
        Assert.That(call.Ended, Is.Null, "a call of another connection");
    }

    [Test]
    public async Task A_thousand_echo_requests_at_once_are_answered_each_in_their_order()
    {
        await using ScriptedCaller caller = await Host.StartAsync();

        await caller.SendAsync((byte[])[.. Enumerable.Range(0, 1000).SelectMany(i => ControlWire.Echo((uint)i))]);

        await caller.WaitForAsync(ControlWire.EchoReply, reply => IdentifierOf(reply) == 999);
        Assert.That(
            caller.Received.Where(message => message[9] == ControlWire.EchoReply).Select(IdentifierOf),
            Is.EqualTo(Enumerable.Range(0, 1000).Select(i => (uint)i)));
    }

    [Test]
    public async Task Hundreds_of_silent_connections_keep_nobody_out()
    {
        List<ScriptedCaller> silent = [];
        for (int i = 0; i < 400; i++)
            silent.Add(await Host.ConnectAsync());

        ScriptedCall call = await DialAsync(Alice);

        await call.Caller.DisposeAsync();
        foreach (ScriptedCaller caller in silent)
            await caller.DisposeAsync();
    }

    [Test]
    public async Task Descriptors_do_not_gather()
    {
        // Once before, that what is opened once and for all is open.
        await OpenAndAbortAsync(10);
        int before = Server.OpenDescriptors;

        await OpenAndAbortAsync(300);

        TimeSpan? back = await Testing.Serving.Poll.UntilAsync(() => Server.OpenDescriptors <= before + 2, Soon);
        Assert.That(back, Is.Not.Null, $"{before} before, {Server.OpenDescriptors} after");
    }

    private async Task OpenAndAbortAsync(int count) =>
        await Parallel.ForEachAsync(Enumerable.Range(0, count), SomeAtATime, async (i, _) =>
        {
            ScriptedCaller caller = await Host.StartAsync();
            await caller.SendAsync(ControlWire.Call((ushort)(61_000 + i)));
            await caller.WaitForAsync(ControlWire.OutgoingCallReply);
            caller.Abort();
        });

    private static uint IdentifierOf(byte[] echoReply) => BinaryPrimitives.ReadUInt32BigEndian(echoReply.AsSpan(12));

    private static byte[] Noise(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        // Two zeros could begin a good message, and the server would be right to wait for the rest.
        bytes[0] |= 1;
        return bytes;
    }

    private async Task MustBeClosedAfterAsync(byte[] bytes, bool started)
    {
        await using ScriptedCaller caller = await Host.ConnectAsync();
        if (started)
            await caller.StartAsync();
        await SendDespiteCloseAsync(caller, bytes);
        await caller.WaitForCloseAsync();
        Assert.That(caller.Received, Has.Count.EqualTo(started ? 1 : 0), $"a reply to {Convert.ToHexString(bytes)}");
    }

    private static async Task FinishAndWaitForCloseAsync(ScriptedCaller caller)
    {
        try
        {
            caller.FinishSending();
        }
        catch (SocketException)
        {
            // The server was quicker.
        }

        await caller.WaitForCloseAsync();
    }

    private static async Task SendDespiteCloseAsync(ScriptedCaller caller, byte[] bytes)
    {
        try
        {
            await caller.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // The server did not wait for the end of it.
        }
    }
}
