namespace Pptpd.Demo;

/// <summary>The two daemons of the demo.</summary>
internal enum DemoHalf
{
    Server,
    Client,
}
