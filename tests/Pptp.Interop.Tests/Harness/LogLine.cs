namespace Pptp.Interop.Tests.Harness;

/// <summary>A line of a program's output, and when it came: time since the program was started.</summary>
internal sealed record LogLine(TimeSpan At, string Text);
