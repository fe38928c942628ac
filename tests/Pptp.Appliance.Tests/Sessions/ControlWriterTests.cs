using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Sessions;

namespace Pptp.Appliance.Tests.Sessions;

[CancelAfter(30_000)]
public sealed class ControlWriterTests
{
    private readonly FakeTimeProvider _time = new();

    /// <summary>The reader may wait for the writer then: nobody else would tell that the connection is gone.</summary>
    [Test]
    public async Task A_write_that_fails_gives_the_connection_up()
    {
        using ControlWriter writer = new(new BrokenStream(), _time);
        writer.TryWrite([1]);
        Assert.That(await writer.RunAsync(CancellationToken.None), Is.EqualTo("broken"));
    }

    [Test]
    public async Task A_peer_that_reads_nothing_for_ten_seconds_is_given_up()
    {
        Pipe full = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        using ControlWriter writer = new(full.Writer.AsStream(), _time);
        writer.TryWrite([1]);
        Task<string?> running = writer.RunAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await running, Is.EqualTo("the peer does not read"));
    }

    [Test]
    public async Task What_is_written_before_the_end_gives_nothing_up()
    {
        using ControlWriter writer = new(Stream.Null, _time);
        writer.TryWrite([1]);
        writer.Complete();
        Assert.That(await writer.RunAsync(CancellationToken.None), Is.Null);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("broken");
    }
}
