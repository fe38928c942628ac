using Pptp.Appliance.Aaa.Radius;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Accounting;

/// <summary>The way to those who are told.</summary>
internal interface IAccountingPort
{
    /// <summary>Whether there is anybody to tell.</summary>
    bool Reaches(RadiusQuery query);

    /// <summary>Whether it was taken; never throws but for cancellation.</summary>
    Task<bool> SendAsync(RadiusRequest request, RadiusQuery query, CancellationToken cancellation);
}

/// <summary>The rows of <c>/radius</c>.</summary>
internal sealed class RadiusAccountingPort(RadiusServers servers) : IAccountingPort
{
    public bool Reaches(RadiusQuery query) => servers.Has(query, RadiusPurpose.Accounting);

    public async Task<bool> SendAsync(RadiusRequest request, RadiusQuery query, CancellationToken cancellation)
    {
        RadiusAnswer answer =
            await servers.SendAsync(request, query, RadiusPurpose.Accounting, cancellation).ConfigureAwait(false);
        return answer.Outcome is RadiusOutcome.Reply { Packet.Code: RadiusCode.AccountingResponse };
    }
}
