namespace Pptp.Testing.Serving;

/// <summary>A line of a program's output, and when it came: time since the program was started.</summary>
public sealed record LogLine(TimeSpan At, string Text);
