using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pptp.Protocol.Ppp;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>Our client at servers that are not what they should be: each is answered by hand.</summary>
[NonParallelizable]
[SuppressMessage("Structure", "NUnit1032", Justification = "Disposed of after each test.")]
internal sealed class ClientLoginTests
{
    private const string Password = "Pass-of-alice-8421";
    private const byte Challenge = 1;
    private const byte Response = 2;
    private const byte Success = 3;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly IPAddress ServerAddress = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress ClientAddress = IPAddress.Parse("192.0.2.2");

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"pptpd-test-{Guid.NewGuid():N}");
    private NetworkNamespace _serverNetwork = null!;
    private NetworkNamespace _clientNetwork = null!;
    private CallerHost _host = null!;
    private Socket _listener = null!;
    private ServerProcess? _client;

    [SetUp]
    public void MakeNetworks()
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
        Directory.CreateDirectory(_folder);
        _serverNetwork = new NetworkNamespace();
        _clientNetwork = new NetworkNamespace();
        NetworkNamespace.Connect(
            _serverNetwork, "wire", $"{ServerAddress}", _clientNetwork, "wire", $"{ClientAddress}");
        _host = new CallerHost(_serverNetwork, ServerAddress, ClientAddress);
        _listener = _host.Listen();
    }

    [TearDown]
    public async Task RemoveNetworks()
    {
        if (_host is not null)
            await _host.CloseAllAsync();
        int? status = _client?.Stop(Soon) ?? 0;
        string report = _client?.Report() ?? "";
        IReadOnlyList<LogLine> faults = _client?.Faults() ?? [];
        IReadOnlyList<LogLine> passwords = _client?.Log.With("Pass-of-") ?? [];
        _client?.Dispose();
        _listener?.Dispose();
        _host?.Dispose();
        _serverNetwork?.Dispose();
        _clientNetwork?.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.Zero, $"exit status after SIGTERM\n{report}");
            Assert.That(faults, Is.Empty, "the log tells of a fault");
            Assert.That(passwords, Is.Empty, "the log names a password");
        }
    }

    [TestCase("S=0000000000000000000000000000000000000000 M=welcome")]
    [TestCase("M=welcome")]
    [TestCase("")]
    public async Task A_server_that_does_not_prove_that_it_knows_the_password_is_left(string message)
    {
        ScriptedCall call = await BeDialledAsync("mschap2", AuthenticationMethod.MsChapV2);
        call.SendFrame(PppWire.Chap, PppWire.Packet(Challenge, 7, [16, .. new byte[16], .. "server"u8]));
        await call.WaitForFramesAsync(frame => frame.Protocol == PppWire.Chap && frame.Code == Response);
        call.SendFrame(PppWire.Chap, PppWire.Packet(Success, 7, Encoding.ASCII.GetBytes(message)));

        await call.WaitForEndAsync();

        _client!.Log.WaitFor("terminating... - ", Soon);
        _client.Log.WaitFor("pptp-out1: disconnected", Soon);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_client.Log.With("the server does not know the password"), Is.Not.Empty, _client.Report());
            Assert.That(_client.Log.With("pptp-out1: authenticated"), Is.Empty);
            Assert.That(
                call.Frames.Any(frame => frame.Protocol is PppWire.Ipcp or PppWire.Ccp), Is.False, "it went on");
        }
    }

    [TestCase("mschap2", AuthenticationMethod.Pap)]
    [TestCase("mschap2", AuthenticationMethod.MsChapV1)]
    [TestCase("chap,mschap1,mschap2", AuthenticationMethod.Pap)]
    [TestCase("pap,mschap2", AuthenticationMethod.ChapMd5)]
    [EffectOf("pptp-client", "allow")]
    public async Task A_method_that_is_not_allowed_is_not_answered(string allow, AuthenticationMethod demanded)
    {
        ScriptedCall call = await BeDialledAsync(allow, demanded);
        call.SendFrame(PppWire.Chap, PppWire.Packet(Challenge, 7, [16, .. new byte[16], .. "server"u8]));

        await call.WaitForEndAsync(Soon);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.Phase, Is.LessThan(CallPhase.LinkUp));
            Assert.That(call.Frames.Any(frame => frame.Protocol is PppWire.Pap or PppWire.Chap), Is.False);
            Assert.That(
                _client!.Log.With("terminating... - authentication method refused"), Is.Not.Empty, _client.Report());
        }
    }

    /// <summary>
    /// Starts the client, and takes its call as a server that asks for a login method and then falls silent.
    /// </summary>
    private async Task<ScriptedCall> BeDialledAsync(string allow, AuthenticationMethod demanded)
    {
        string file = Path.Combine(_folder, "pptpd.toml");
        await File.WriteAllTextAsync(file, $"""
            [system]
            state-folder = "{_folder}/state"

            [[pptp-client]]
            name = "pptp-out1"
            connect-to = "{ServerAddress}"
            user = "alice"
            password = "{Password}"
            allow = "{allow}"
            disabled = false
            """);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _client = ServerProcess.Start(
            [.. Repository.DaemonCommand(), "run", "--config", file], _clientNetwork, "initializing...");
        ScriptedCaller caller = await _host.AcceptAsync(_listener);
        ScriptedCall call = await caller.AnswerAsync(new CallSettings("", "")
        {
            Demands = demanded,
            MuteAfter = CallPhase.LinkUp,
        });
        if (allow.Contains(demanded == AuthenticationMethod.MsChapV2 ? "mschap2" : "none", StringComparison.Ordinal))
            await call.WaitForAsync(CallPhase.LinkUp);
        return call;
    }
}
