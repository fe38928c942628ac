using Microsoft.Extensions.Logging;

namespace Pptp.Appliance;

/// <summary>
/// One logger per RouterOS topic list. The list is the logger's category, as one string, because tools filter by
/// exactly that (<c>/log/print ?topics=pptp,ppp,info,account</c>).
/// </summary>
internal sealed class TopicLoggers(ILoggerFactory factory)
{
    public ILogger System { get; } = factory.CreateLogger("system,info");

    public ILogger SystemError { get; } = factory.CreateLogger("system,error");

    public ILogger Radius { get; } = factory.CreateLogger("radius,info");

    public ILogger RadiusWarning { get; } = factory.CreateLogger("radius,warning");

    public ILogger Pptp { get; } = factory.CreateLogger("pptp,info");

    public ILogger PptpDebug { get; } = factory.CreateLogger("pptp,debug");

    public ILogger Ppp { get; } = factory.CreateLogger("pptp,ppp,info");

    public ILogger Account { get; } = factory.CreateLogger("pptp,ppp,info,account");

    public ILogger PppWarning { get; } = factory.CreateLogger("pptp,ppp,warning");

    public ILogger PppError { get; } = factory.CreateLogger("pptp,ppp,error");

    public ILogger PppDebug { get; } = factory.CreateLogger("pptp,ppp,debug");
}
