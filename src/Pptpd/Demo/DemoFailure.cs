namespace Pptpd.Demo;

/// <summary>The demo cannot go on; the message tells the person before the screen why.</summary>
internal sealed class DemoFailure(string message) : Exception(message);
