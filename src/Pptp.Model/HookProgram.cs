namespace Pptp.Model;

/// <summary>One program of a <see cref="HookScript"/>.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Arguments">As the program gets them.</param>
public sealed record HookProgram(string Path, ValueList<string> Arguments)
{
    public override string ToString() => Path;
}
