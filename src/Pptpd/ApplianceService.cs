using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pptp.Appliance;
using Pptp.Appliance.Diagnosis;
using Pptp.Appliance.State;
using Pptp.Management.Requests;
using Pptp.Model;
using Pptp.Model.Editing;
using Pptpd.Commands;

namespace Pptpd;

/// <summary>The file the configuration came from, and what of it was in force at the start.</summary>
/// <param name="Path">The file.</param>
/// <param name="Configuration">At the start.</param>
/// <param name="Narrow">What is taken of the file when it is read again.</param>
internal sealed record ConfigurationSource(
    string Path, PptpConfiguration Configuration, Func<PptpConfiguration, PptpConfiguration> Narrow);

/// <summary>Ties the appliance to the host: start, stop, reload on SIGHUP, the socket where it is asked.</summary>
internal sealed partial class ApplianceService : IHostedService, IDisposable
{
    private readonly ConfigurationSource _source;
    private readonly PptpAppliance _appliance;
    private readonly RequestServer _requests;
    private readonly ILogger _logger;
    private PosixSignalRegistration? _hangup;

    public ApplianceService(ConfigurationSource source, LogControl log, ILoggerFactory loggers, TimeProvider time)
    {
        _source = source;
        _logger = loggers.CreateLogger("system,info");
        ConfigurationEditor editor = new(source.Path, DurableFiles.Instance);
        _appliance = new PptpAppliance(source.Configuration, editor, loggers, time)
        {
            HookCommand = [.. OwnProgram.Command, RunHookCommand.Name],
            OnApplied = configuration =>
            {
                log.Apply(configuration.System);
                _requests!.Listen(configuration.System.StateFolder);
            },
        };
        RequestHandler handler = new(_appliance, time);
        _requests = new RequestServer(handler.AnswerAsync, loggers.CreateLogger("system,error"), time);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anybody can see that we run: a hangup without a handler would end the process. The reload waits.
        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            // Without this the runtime would end the process after the handler.
            context.Cancel = true;
            _ = ReloadAsync();
        });
        _appliance.Start();
        _requests.Listen(_source.Configuration.System.StateFolder);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _hangup?.Dispose();
        _requests.Dispose();
        await _appliance.StopAsync();
    }

    public void Dispose()
    {
        _hangup?.Dispose();
        _requests.Dispose();
    }

    private async Task ReloadAsync()
    {
        try
        {
            await _appliance.ApplyAsync(Load);
        }
        catch (Exception e) when (e is SocketException or FirewallException)
        {
            Log.NotApplied(_logger, e.Message);
        }
    }

    private PptpConfiguration? Load()
    {
        ConfigurationResult result = ConfigurationLoader.Load(_source.Path, FirewallCheck.Run);
        foreach (ConfigurationError finding in result.Findings)
            Log.Finding(_logger, finding.Severity == ConfigurationSeverity.Error ? LogLevel.Error : LogLevel.Warning, finding);
        if (result.Configuration is null)
            Log.NotReloaded(_logger, _source.Path);
        return result.Configuration is { } whole ? _source.Narrow(whole) : null;
    }

    private static partial class Log
    {
        [LoggerMessage("{Finding}")]
        public static partial void Finding(ILogger logger, LogLevel level, ConfigurationError finding);

        [LoggerMessage(LogLevel.Error, "{Path} has errors, nothing was changed")]
        public static partial void NotReloaded(ILogger logger, string path);

        [LoggerMessage(LogLevel.Error, "the new configuration cannot be applied, nothing was changed: {Reason}")]
        public static partial void NotApplied(ILogger logger, string reason);
    }
}
