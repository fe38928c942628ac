using System.CommandLine;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pptp.Appliance;
using Pptp.Linux;
using Pptp.Model;
using Serilog;

namespace Pptpd.Commands;

/// <summary><c>pptpd run</c>: the daemon.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Option<string?> file = ConfigurationFile.CreateOption();
        Command command = new("run", "Run the server in the foreground. SIGTERM ends it, SIGHUP reloads the configuration.") { file };
        command.SetAction((result, cancellation) =>
            RunAsync(ConfigurationFile.Resolve(result.GetValue(file)), whole => whole, cancellation));
        return command;
    }

    /// <summary>Runs the daemon until it is told to end.</summary>
    /// <param name="path">The configuration file.</param>
    /// <param name="narrow">What is taken of it.</param>
    /// <param name="cancellation">Ends it, as SIGTERM does.</param>
    /// <returns>The exit status.</returns>
    internal static async Task<int> RunAsync(
        string path, Func<PptpConfiguration, PptpConfiguration> narrow, CancellationToken cancellation)
    {
        if (ConfigurationFile.Load(path) is not { } whole)
            return ExitCode.BadInput;
        try
        {
            // Passwords and keys are in memory: no core dump, no debugger of the same user.
            ProcessHardening.DisableCoreDumps();
            using IHost host = Build(new ConfigurationSource(path, narrow(whole), narrow));
            await host.RunAsync(cancellation);
            return ExitCode.Success;
        }
        catch (Exception e) when (e is LinuxException or SocketException or AlreadyRunningException)
        {
            Log.Fatal("cannot start: {Reason}; pptpd doctor tells what is missing", e.Message);
            return ExitCode.Failure;
        }
        finally
        {
            await Log.CloseAndFlushAsync();
        }
    }

    private static IHost Build(ConfigurationSource source)
    {
        LogControl log = new(source.Configuration.System);
        Log.Logger = log.Logger;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSerilog();
        builder.Services.AddSystemd();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton(source);
        builder.Services.AddHostedService<ApplianceService>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        return builder.Build();
    }
}
