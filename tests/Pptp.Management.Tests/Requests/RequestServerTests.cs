using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Pptp.Management.Requests;
using Pptp.Management.Status;
using Pptp.Management.Tests.Status;
using Pptp.Testing.Serving;

namespace Pptp.Management.Tests.Requests;

/// <summary>The socket in the state folder.</summary>
internal sealed class RequestServerTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static readonly ManagementRequest Status = new() { Command = ManagementCommand.Status };

    private readonly string _folder = Directory.CreateTempSubdirectory("pptpd-").FullName;
    private readonly Warnings _warnings = new();
    private readonly FakeTimeProvider _time = new();
    private StatusDocument _document = Examples.Of(new(), sessions: [Examples.Session]);
    private readonly RequestServer _server;
    private ManagementRequest? _asked;
    private int _told;

    public RequestServerTests() => _server = new RequestServer(AnswerAsync, _warnings, _time);

    private string SocketFile => RequestSocket.PathIn(_folder);

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Who_connects_gets_the_status_of_that_moment()
    {
        _server.Listen(_folder);
        string before = await AskAsync();
        _document = Examples.Of(new() { Clients = [Examples.Client] });

        Assert.That(before, Does.Contain("<pptp-MT-User>"));
        Assert.That(await AskAsync(), Does.Contain("pptp-out1").And.Not.Contain("<pptp-MT-User>"));
        Assert.That(_warnings.Lines, Is.Empty);
    }

    [Test]
    public async Task A_status_of_many_megabytes_arrives_whole()
    {
        _document = Many();
        _server.Listen(_folder);

        byte[] json = await RequestSocket.AskAsync(_folder, Status, default);
        Assert.That(StatusDocument.Parse(json).PptpServer, Has.Count.EqualTo(20_000));
    }

    [Test]
    public void The_socket_is_its_owners_alone()
    {
        _server.Listen(_folder);
        Assert.That(
            OperatingSystem.IsLinux() ? File.GetUnixFileMode(SocketFile) : default,
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task A_folder_that_is_missing_is_made_for_the_owner_alone()
    {
        string folder = Path.Combine(_folder, "state");
        _server.Listen(folder);

        Assert.That(await RequestSocket.AskAsync(folder, Status, default), Is.Not.Empty);
        Assert.That(
            OperatingSystem.IsLinux() ? File.GetUnixFileMode(folder) : default,
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test]
    public void The_socket_goes_with_the_server()
    {
        _server.Listen(_folder);
        _server.Dispose();

        Assert.That(File.Exists(SocketFile), Is.False);
        Assert.That(AskAsync, Throws.InstanceOf<IOException>().With.Message.EqualTo(
            $"{SocketFile}: no daemon answers: there is no such socket"));
    }

    [Test]
    public async Task The_socket_of_a_killed_daemon_is_replaced()
    {
        LeaveASocket(SocketFile);
        Assert.That(
            AskAsync, Throws.InstanceOf<IOException>().With.Message.EqualTo($"{SocketFile}: no daemon answers"));

        _server.Listen(_folder);
        Assert.That(await AskAsync(), Does.Contain("<pptp-MT-User>"));
        Assert.That(_warnings.Lines, Is.Empty);
    }

    [Test]
    public async Task The_socket_of_a_daemon_that_lives_is_not_taken_from_it()
    {
        _server.Listen(_folder);
        using (RequestServer second = new((_, _) => new(Array.Empty<byte>()), _warnings, _time))
        {
            second.Listen(_folder);
            Assert.That(_warnings.Lines.Single(), Does.Contain(SocketFile).And.Contain("another daemon answers there"));
        }

        Assert.That(await AskAsync(), Does.Contain("<pptp-MT-User>"), "also after the second has ended");
    }

    [Test]
    public async Task It_moves_to_another_folder()
    {
        string other = Path.Combine(_folder, "other");
        _server.Listen(_folder);
        _server.Listen(other);

        Assert.That(File.Exists(SocketFile), Is.False);
        Assert.That(await RequestSocket.AskAsync(other, Status, default), Is.Not.Empty);
    }

    [Test]
    public async Task A_socket_that_somebody_has_removed_is_there_again_after_a_reload()
    {
        _server.Listen(_folder);
        File.Delete(SocketFile);
        _server.Listen(_folder);

        Assert.That(await AskAsync(), Is.Not.Empty);
    }

    [Test]
    public void A_path_too_long_for_a_socket_is_told_once_and_by_who_asks()
    {
        string folder = Path.Combine(_folder, new string('x', 100));
        _server.Listen(folder);
        _server.Listen(folder);

        Assert.That(_warnings.Lines.Single(), Does.Contain("is too long for a socket, which takes 107 bytes"));
        Assert.That(() => RequestSocket.AskAsync(folder, Status, default),
            Throws.InstanceOf<IOException>().With.Message.Contains("is too long for a socket"));
    }

    [Test]
    public async Task A_folder_that_cannot_be_is_told_once_and_a_better_one_is_taken_later()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        _server.Listen(Path.Combine(file, "state"));
        _server.Listen(Path.Combine(file, "state"));
        Assert.That(_warnings.Lines, Has.Count.EqualTo(1));

        _server.Listen(_folder);
        Assert.That(await AskAsync(), Is.Not.Empty);
    }

    [Test]
    public async Task Readers_that_do_not_read_are_cut_off_and_the_next_is_answered()
    {
        _document = Many();
        _server.Listen(_folder);
        List<Socket> idle = [];
        try
        {
            for (int i = 0; i < RequestServer.MostReaders; i++)
            {
                idle.Add(await ConnectAsync());
                await idle[i].SendAsync(Status.ToLine());
            }
            Assert.That(await Poll.UntilAsync(() => _told == RequestServer.MostReaders, Soon), Is.Not.Null);

            _document = Examples.Of(new(), sessions: [Examples.Session]);
            Task<string> next = AskAsync();
            TimeSpan? answered = await Poll.UntilAsync(
                () =>
                {
                    _time.Advance(TimeSpan.FromMilliseconds(100));
                    return next.IsCompleted;
                },
                Soon);
            Assert.That(answered, Is.Not.Null, "the next one waits for those who do not read");
            Assert.That(await next, Does.Contain("<pptp-MT-User>"));
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    [Test]
    public async Task Who_asks_nothing_is_cut_off_and_the_next_is_answered()
    {
        _server.Listen(_folder);
        List<Socket> silent = [];
        try
        {
            for (int i = 0; i < RequestServer.MostReaders; i++)
                silent.Add(await ConnectAsync());
            Task<string> next = AskAsync();
            TimeSpan? answered = await Poll.UntilAsync(
                () =>
                {
                    _time.Advance(TimeSpan.FromMilliseconds(100));
                    return next.IsCompleted;
                },
                Soon);
            Assert.That(answered, Is.Not.Null);
            Assert.That(await next, Does.Contain("<pptp-MT-User>"));
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Test]
    public async Task What_is_asked_comes_as_it_was_sent()
    {
        _server.Listen(_folder);
        ManagementRequest request = Status with { Name = "a \"b\"\n\u202e" };
        await RequestSocket.AskAsync(_folder, request, default);

        Assert.That(_asked, Is.EqualTo(request));
    }

    [Test]
    public void A_refusal_reaches_who_asked()
    {
        _server.Listen(_folder);
        ManagementRequest request = new() { Command = ManagementCommand.Why, Name = "alice" };
        Assert.That(() => RequestSocket.AskAsync(_folder, request, default),
            Throws.InstanceOf<RequestRefusedException>().With.Message.EqualTo("no why for alice"));
    }

    [TestCase("\n")]
    [TestCase("nonsense\n")]
    [TestCase("[]\n")]
    [TestCase("{}\n")]
    [TestCase("{\"command\":7}\n")]
    public async Task What_is_no_request_is_refused(string text)
    {
        _server.Listen(_folder);
        Assert.That(await TalkAsync(Encoding.UTF8.GetBytes(text)), Does.StartWith("{\"error\":\"not understood: "));
        Assert.That(await AskAsync(), Does.Contain("<pptp-MT-User>"));
    }

    [Test]
    public async Task A_request_without_an_end_is_refused()
    {
        _server.Listen(_folder);
        Assert.That(
            await TalkAsync(new byte[ManagementRequest.MaximumLength]),
            Is.EqualTo("{\"error\":\"a request is a line of at most 4096 octets\"}"));
    }

    [Test]
    public void Another_user_is_refused_though_he_can_open_the_socket()
    {
        const string Perl = "/usr/bin/perl";
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !File.Exists(Perl))
        {
            Assert.Ignore("takes root, to be somebody else, and Perl");
            return;
        }
        _server.Listen(_folder);
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1FF);
        File.SetUnixFileMode(SocketFile, (UnixFileMode)0x1B6);
        using Process other = Process.Start(new ProcessStartInfo("setpriv")
        {
            ArgumentList =
            {
                "--reuid", "65534", "--clear-groups", Perl, "-MIO::Socket::UNIX", "-e",
                """
                my $s = IO::Socket::UNIX->new(Peer => shift) or die "$!";
                print $s "{\"command\":\"status\"}\n"; $s->flush; print <$s>;
                """,
                SocketFile,
            },
            RedirectStandardOutput = true,
        })!;
        string said = other.StandardOutput.ReadToEnd();
        other.WaitForExit();

        Assert.That(said, Does.Contain("permission denied: ask as root, or as the user that pptpd runs as"));
        Assert.That(_told, Is.Zero);
    }

    [Test]
    public async Task A_reader_that_goes_at_once_is_no_trouble()
    {
        _server.Listen(_folder);
        for (int i = 0; i < 5 * RequestServer.MostReaders; i++)
            (await ConnectAsync()).Dispose();

        Assert.That(await AskAsync(), Does.Contain("<pptp-MT-User>"));
    }

    /// <summary>More than a socket's buffers take.</summary>
    private static StatusDocument Many() => Examples.Of(
        new(), sessions: [.. Enumerable.Range(0, 20_000).Select(i => Examples.Session with { Name = $"<pptp-{i}>" })]);

    private ValueTask<byte[]> AnswerAsync(ManagementRequest request, CancellationToken cancellation)
    {
        if (request.Command != ManagementCommand.Status)
            throw new RequestRefusedException($"no {request.Command} for {request.Name}");
        _asked = request;
        StatusDocument document = _document;
        Interlocked.Increment(ref _told);
        return new(document.ToJson());
    }

    private async Task<string> AskAsync() =>
        Encoding.UTF8.GetString(await RequestSocket.AskAsync(_folder, Status, default));

    private async Task<string> TalkAsync(byte[] request)
    {
        using Socket socket = await ConnectAsync();
        await socket.SendAsync(request);
        using StreamReader answer = new(new NetworkStream(socket));
        return await answer.ReadToEndAsync();
    }

    private async Task<Socket> ConnectAsync()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketFile));
        return socket;
    }

    // What SIGKILL leaves: a socket's file with nobody behind it.
    private static void LeaveASocket(string path)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path + ".bound"));
        socket.Listen();
        File.Move(path + ".bound", path);
    }

    private sealed class Warnings : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
