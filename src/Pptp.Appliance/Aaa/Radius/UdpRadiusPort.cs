using System.Net;
using System.Text;
using Pptp.Model;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>A row's server over UDP.</summary>
internal sealed class UdpRadiusPort(RadiusServer row, RadiusPurpose purpose, TimeProvider time) : IRadiusPort
{
    private readonly RadiusClient _client = new(
        new RadiusClientOptions
        {
            Server = new IPEndPoint(
                row.Address, purpose == RadiusPurpose.Accounting ? row.AccountingPort : row.AuthenticationPort),
            Secret = Encoding.UTF8.GetBytes(row.SharedSecret!.Password!),
            Source = row.SrcAddress,
            Timeout = row.Timeout,
            Tries = row.Tries,
            // RFC 2866 knows of none in an Accounting-Response, and nothing is let in by one.
            RequiresMessageAuthenticator =
                purpose == RadiusPurpose.Authentication && row.RequireMessageAuth == RequireMessageAuth.YesForRequestResp,
        },
        time);

    public RadiusCounters Counters => _client.Counters;

    public IPAddress? LocalAddress => RadiusClient.FindLocalAddress(new IPEndPoint(row.Address, row.AuthenticationPort), row.SrcAddress);

    public Task<RadiusOutcome> SendAsync(RadiusRequest request, int tries, CancellationToken cancellation) =>
        _client.SendAsync(request, tries, cancellation);

    public Task<bool> ProbeAsync(CancellationToken cancellation) => _client.ProbeAsync(cancellation);

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
