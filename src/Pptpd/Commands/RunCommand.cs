using System.CommandLine;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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
        command.SetAction((result, cancellation) => RunAsync(ConfigurationFile.Resolve(result.GetValue(file)), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string path, CancellationToken cancellation)
    {
        if (ConfigurationFile.Load(path) is not { } configuration)
            return ExitCode.BadInput;
        try
        {
            // Passwords and keys are in memory: no core dump, no debugger of the same user.
            ProcessHardening.DisableCoreDumps();
            using IHost host = Build(path, configuration);
            await host.RunAsync(cancellation);
            return ExitCode.Success;
        }
        catch (Exception e) when (e is LinuxException or SocketException)
        {
            Log.Fatal("cannot start: {Reason}; pptpd doctor tells what is missing", e.Message);
            return ExitCode.Failure;
        }
        finally
        {
            await Log.CloseAndFlushAsync();
        }
    }

    private static IHost Build(string path, PptpConfiguration configuration)
    {
        LogControl log = new(configuration.System);
        Log.Logger = log.Logger;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSerilog();
        builder.Services.AddSystemd();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton(new ConfigurationSource(path, configuration));
        builder.Services.AddHostedService<ApplianceService>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        return builder.Build();
    }
}
