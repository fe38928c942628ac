using Pptp.Model;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Pptpd;

/// <summary>Where the log goes, and how a line looks: time, RouterOS' topics, text.</summary>
internal static class LogSetup
{
    private const string Template = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {SourceContext} {Message:lj}{NewLine}{Exception}";
    private const long FileSizeLimit = 64 * 1024 * 1024;

    public static Logger Create(SystemSettings system)
    {
        LoggerConfiguration log = new LoggerConfiguration()
            .MinimumLevel.Is(LevelOf(system.LogLevel))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.Console(outputTemplate: Template, formatProvider: System.Globalization.CultureInfo.InvariantCulture);
        if (system.LogFile is { } file)
        {
            log.WriteTo.File(
                file, outputTemplate: Template, formatProvider: System.Globalization.CultureInfo.InvariantCulture,
                fileSizeLimitBytes: FileSizeLimit, rollOnFileSizeLimit: true, retainedFileCountLimit: 5);
        }
        return log.CreateLogger();
    }

    private static LogEventLevel LevelOf(LogVerbosity verbosity) => verbosity switch
    {
        LogVerbosity.Packet => LogEventLevel.Verbose,
        LogVerbosity.Debug => LogEventLevel.Debug,
        LogVerbosity.Warning => LogEventLevel.Warning,
        LogVerbosity.Error => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };
}
