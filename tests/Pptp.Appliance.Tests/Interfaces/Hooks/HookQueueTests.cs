using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Interfaces.Hooks;
using Pptp.Appliance.Tests.State;
using Pptp.Model;

namespace Pptp.Appliance.Tests.Interfaces.Hooks;

public sealed class HookQueueTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private Starter _starter = null!;
    private ListLogger _log = null!;
    private HookQueue _queue = null!;

    [SetUp]
    public void Begin()
    {
        _starter = new Starter();
        _log = new ListLogger();
        _queue = new HookQueue(_starter, () => false, _time, _log, _log);
    }

    [TearDown]
    public async Task End()
    {
        _starter.FinishAll();
        await _queue.StopAsync();
        _queue.Dispose();
        _starter.Dispose();
    }

    [Test]
    public async Task Hooks_of_one_session_come_one_after_the_other_and_those_of_others_meanwhile()
    {
        Run("alice", "/up");
        Running up = await _starter.NextAsync();
        Run("alice", "/down");
        Run("bob", "/up");

        Running bob = await _starter.NextAsync();
        Assert.That(bob.Program.Path, Is.EqualTo("/up"), "alice's waits for her first");
        up.Finish();
        Running down = await _starter.NextAsync();
        Assert.That(down.Program.Path, Is.EqualTo("/down"));
    }

    [Test]
    public async Task Programs_of_a_script_come_one_after_the_other_whatever_becomes_of_the_first()
    {
        Run("alice", "/first\n/second");
        (await _starter.NextAsync()).Finish(new HookResult(3, "no luck\u0007\n"));
        Running second = await _starter.NextAsync();
        Assert.That(second.Program.Path, Is.EqualTo("/second"));
        Assert.That(Logged(), Does.Contain("alice: on-up: /first failed with status 3: no luck").And.Not.Contain("\u0007"));
    }

    [Test]
    public async Task No_more_run_at_once_than_may()
    {
        List<Running> running = [];
        for (int i = 0; i < HookQueue.MostAtOnce + 1; i++)
            Run($"u{i}", "/up");
        for (int i = 0; i < HookQueue.MostAtOnce; i++)
            running.Add(await _starter.NextAsync());

        Assert.That(_starter.IsAnyWaiting, Is.False);
        running[7].Finish();
        await _starter.NextAsync();
    }

    [Test]
    public async Task What_does_not_find_room_is_lost_and_said_to_be_once()
    {
        for (int i = 0; i < HookQueue.MostWaiting + 100; i++)
            Run($"u{i}", "/up");
        Assert.That(
            _log.Lines.Count(line => line.Contains("is not run", StringComparison.Ordinal)),
            Is.EqualTo(1));
        _starter.FinishAll();
        await _queue.StopAsync();
        Assert.That(_starter.Started, Is.EqualTo(HookQueue.MostWaiting));
        Assert.That(Logged(), Does.Contain("100 hooks were not run"));
    }

    [Test]
    public async Task One_that_takes_too_long_is_ended()
    {
        Run("alice", "/slow");
        Running slow = await _starter.NextAsync();
        _time.Advance(HookQueue.Timeout - TimeSpan.FromSeconds(1));
        Assert.That(slow.IsToEnd, Is.False);
        _time.Advance(TimeSpan.FromSeconds(2));
        await slow.Ended.WaitAsync(Soon);
        Run("alice", "/next");
        await _starter.NextAsync();
        Assert.That(Logged(), Does.Contain("alice: on-up: /slow was ended: it took more than 30 s"));
    }

    [Test]
    public async Task A_stop_waits_for_what_is_left_and_ends_what_takes_too_long()
    {
        Run("alice", "/up");
        Run("bob", "/slow");
        List<Running> both = [await _starter.NextAsync(), await _starter.NextAsync()];
        Task stop = _queue.StopAsync();
        both.Single(running => running.Program.Path == "/up").Finish();
        Assert.That(stop.IsCompleted, Is.False);
        _time.Advance(HookQueue.StopTimeout);
        await stop.WaitAsync(Soon);
        Assert.That(both.Single(running => running.Program.Path == "/slow").IsToEnd, Is.True);
        Assert.That(Logged(), Does.Contain("/slow was ended: the daemon ends"));
    }

    [Test]
    public void What_a_hook_is_told_has_the_names_of_RouterOS_and_those_a_shell_can_read()
    {
        HookVariables variables = Variables("al ice; rm -rf /") with
        {
            Usage = new HookUsage(TimeSpan.FromSeconds(61.9), 1234, 5_000_000_000, "peer-request"),
        };
        Assert.That(variables.ToEnvironment(), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ["user"] = "al ice; rm -rf /",
            ["PPTP_USER"] = "al ice; rm -rf /",
            ["local-address"] = "10.0.0.1",
            ["PPTP_LOCAL_ADDRESS"] = "10.0.0.1",
            ["remote-address"] = "10.0.0.5",
            ["PPTP_REMOTE_ADDRESS"] = "10.0.0.5",
            ["caller-id"] = "198.51.100.7",
            ["PPTP_CALLER_ID"] = "198.51.100.7",
            ["called-id"] = "203.0.113.1",
            ["PPTP_CALLED_ID"] = "203.0.113.1",
            ["interface"] = "pptp-alice",
            ["PPTP_INTERFACE"] = "pptp-alice",
            ["uptime"] = "61",
            ["PPTP_UPTIME"] = "61",
            ["bytes-in"] = "1234",
            ["PPTP_BYTES_IN"] = "1234",
            ["bytes-out"] = "5000000000",
            ["PPTP_BYTES_OUT"] = "5000000000",
            ["reason"] = "peer-request",
            ["PPTP_REASON"] = "peer-request",
        }));
    }

    private static HookVariables Variables(string user) => new()
    {
        User = user,
        LocalAddress = IPAddress.Parse("10.0.0.1"),
        RemoteAddress = IPAddress.Parse("10.0.0.5"),
        CallerId = IPAddress.Parse("198.51.100.7"),
        CalledId = IPAddress.Parse("203.0.113.1"),
        Interface = "pptp-alice",
    };

    private void Run(string user, string text)
    {
        Assert.That(HookScript.TryParse(text, out HookScript? script, out _), Is.True);
        _queue.Run(new HookRun(user, $"{user}: on-up", script!, Variables(user)));
    }

    private string Logged() => string.Join('\n', _log.Lines);

    private sealed class Running(HookProgram program, CancellationToken end)
    {
        private readonly TaskCompletionSource<HookResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HookProgram Program => program;

        public bool IsToEnd => end.IsCancellationRequested;

        public Task<HookResult> Ended => _result.Task;

        public void Finish(HookResult? result = null) => _result.TrySetResult(result ?? new HookResult(0, ""));
    }

    private sealed class Starter : IHookStarter, IDisposable
    {
        private readonly BlockingCollection<Running> _started = [];
        private readonly ConcurrentBag<Running> _all = [];
        private volatile bool _finishesAll;

        public int Started => _all.Count;

        public bool IsAnyWaiting => _started.Count > 0;

        public Task<Running> NextAsync() => Task.Run(() =>
            _started.TryTake(out Running? running, Soon) ? running : throw new AssertionException("no hook was started"));

        public void FinishAll()
        {
            _finishesAll = true;
            foreach (Running running in _all)
                running.Finish();
        }

        public async Task<HookResult> RunAsync(
            HookProgram program, IReadOnlyDictionary<string, string> variables, bool withCapabilities, CancellationToken end)
        {
            Running running = new(program, end);
            using CancellationTokenRegistration registration = end.Register(() => running.Finish(new HookResult(143, "")));
            _all.Add(running);
            _started.Add(running, CancellationToken.None);
            if (_finishesAll)
                running.Finish();
            return await running.Ended;
        }

        public void Dispose() => _started.Dispose();
    }
}
