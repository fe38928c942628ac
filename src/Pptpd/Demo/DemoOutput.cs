namespace Pptpd.Demo;

/// <summary>What the demo prints: lines, and at a terminal one below them that changes in place.</summary>
internal sealed class DemoOutput(TextWriter writer, bool isTerminal)
{
    // ECMA-48: erase to the end of the line.
    private const string EraseRest = "\e[K";

    private readonly Lock _lock = new();
    private string? _live;

    public static DemoOutput OfConsole() => new(Console.Out, !Console.IsOutputRedirected);

    /// <summary>What the demo does next.</summary>
    public void Headline(string text) => Lines("", $"== {text}");

    public void Line(string text) => Lines(text);

    /// <summary>A figure that the next one replaces; where the output is no terminal, each is a line.</summary>
    public void Live(string text)
    {
        if (!isTerminal)
        {
            Line(text);
            return;
        }

        lock (_lock)
        {
            _live = text;
            writer.Write($"\r{text}{EraseRest}");
            writer.Flush();
        }
    }

    /// <summary>Lets the figure that stands there stay.</summary>
    public void EndLive()
    {
        lock (_lock)
        {
            if (_live is not null)
                writer.WriteLine();
            _live = null;
        }
    }

    private void Lines(params ReadOnlySpan<string> lines)
    {
        lock (_lock)
        {
            if (_live is not null)
                writer.Write($"\r{EraseRest}");
            foreach (string line in lines)
                writer.WriteLine(line);
            if (_live is not null)
                writer.Write(_live);
            writer.Flush();
        }
    }
}
