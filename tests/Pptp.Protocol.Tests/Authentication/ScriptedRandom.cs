namespace Pptp.Protocol.Tests.Authentication;

/// <summary>"Random" bytes a test wrote down, handed out in order; a request must be for all of the next.</summary>
internal sealed class ScriptedRandom(params byte[][] values) : IRandomSource
{
    private readonly Queue<byte[]> _values = new(values);

    public void Fill(Span<byte> destination)
    {
        byte[] next = _values.Dequeue();
        Assert.That(next, Has.Length.EqualTo(destination.Length));
        next.CopyTo(destination);
    }
}
