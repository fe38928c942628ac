using Pptp.Appliance;
using Pptp.Appliance.Diagnosis;
using Pptp.Management.Status;
using Pptp.Management.Why;

namespace Pptp.Management.Requests;

/// <summary>Answers what the appliance is asked; from any thread.</summary>
public sealed class RequestHandler(PptpAppliance appliance, TimeProvider time)
{
    /// <summary>Names in an answer that says who is there.</summary>
    private const int Most = 20;

    private readonly StatusMeter _meter = new(
        () => new StatusSnapshot(
            appliance.Configuration, appliance.Clients, appliance.Sessions, time.GetElapsedTime(0))
        {
            Radius = appliance.RadiusServers,
            RadiusIncoming = appliance.RadiusIncoming,
            Accounting = appliance.Accounting,
            DataPlane = appliance.DataPlane,
        },
        time);

    /// <exception cref="RequestRefusedException">It cannot be answered; the message says why.</exception>
    public async ValueTask<byte[]> AnswerAsync(ManagementRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Command switch
        {
            ManagementCommand.Status => (await _meter.TellAsync(cancellation).ConfigureAwait(false)).ToJson(),
            ManagementCommand.Why => Why(NameOf(request)).ToJson(),
            ManagementCommand.Disconnect => Disconnect(NameOf(request)).ToJson(),
            _ => throw new RequestRefusedException($"this daemon knows no command {request.Command}"),
        };
    }

    private static string NameOf(ManagementRequest request) => request.Name is { Length: > 0 } name
        ? name
        : throw new RequestRefusedException($"{request.Command} takes a name");

    private WhyDocument Why(string name)
    {
        IReadOnlyList<AttemptReport> attempts = appliance.AttemptsOf(name);
        if (attempts.Count > 0)
            return WhyDocument.Of(name, attempts);
        IReadOnlyList<string> others = appliance.AttemptNames(Most);
        throw new RequestRefusedException(
            $"nothing was heard of {name} since pptpd was started: its packets to TCP port 1723 do not get here, "
            + "or it has not tried; "
            + (others.Count == 0 ? "nobody has" : $"those who have tried last are: {string.Join(", ", others)}"));
    }

    private DisconnectDocument Disconnect(string name)
    {
        int disconnected = appliance.Disconnect(name);
        return disconnected > 0
            ? new DisconnectDocument(disconnected)
            : throw new RequestRefusedException($"{name} is not connected; {WhoIsThere()}");
    }

    private string WhoIsThere()
    {
        string[] names =
        [
            .. appliance.Sessions.Select(session => session.User).Distinct(),
            .. appliance.Clients.Where(client => client.Running).Select(client => client.Name),
        ];
        return names.Length switch
        {
            0 => "nobody is",
            <= Most => $"connected are: {string.Join(", ", names)}",
            _ => $"connected are: {string.Join(", ", names.Take(Most))} and {names.Length - Most} more",
        };
    }
}
