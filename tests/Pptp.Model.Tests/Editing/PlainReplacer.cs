using Pptp.Model.Editing;

namespace Pptp.Model.Tests.Editing;

/// <summary>Writes as simply as can be; a test may come between, or have it refuse.</summary>
internal sealed class PlainReplacer : IFileReplacer
{
    internal Action<string>? Before { get; set; }

    internal string? Refusal { get; set; }

    internal int Writes { get; private set; }

    public bool TryReplace(string path, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> content)
    {
        Before?.Invoke(path);
        if (Refusal is { } reason)
        {
            throw new IOException(reason);
        }

        if (!File.ReadAllBytes(path).AsSpan().SequenceEqual(expected))
        {
            return false;
        }

        File.WriteAllBytes(path, content.ToArray());
        Writes++;
        return true;
    }
}
