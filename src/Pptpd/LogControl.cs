using System.Globalization;
using Pptp.Model;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Pptpd;

/// <summary>Where the log goes, and how a line looks: time, RouterOS' topics, text. Follows a new configuration.</summary>
internal sealed class LogControl : ILogEventSink, IDisposable
{
    private const string Template = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {SourceContext} {Message:lj}{NewLine}{Exception}";
    private const long FileSizeLimit = 64 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly LoggingLevelSwitch _level = new();
    private string? _path;
    private Logger? _file;

    public LogControl(SystemSettings system)
    {
        Logger = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(_level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.Console(outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture)
            .WriteTo.Sink(this)
            .CreateLogger();
        Apply(system);
    }

    public Logger Logger { get; }

    /// <summary>Takes over log-level and log-file.</summary>
    public void Apply(SystemSettings system)
    {
        _level.MinimumLevel = LevelOf(system.LogLevel);
        lock (_lock)
        {
            if (_path == system.LogFile)
                return;
            _file?.Dispose();
            _path = system.LogFile;
            _file = _path is null ? null : Open(_path);
        }
    }

    /// <summary>A line for the file, if there is one now.</summary>
    public void Emit(LogEvent logEvent)
    {
        lock (_lock)
            _file?.Write(logEvent);
    }

    /// <summary>Together with <see cref="Logger"/>, whose sink it is.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private static Logger Open(string path) => new LoggerConfiguration()
        .MinimumLevel.Verbose()
        .WriteTo.File(
            path, outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture,
            fileSizeLimitBytes: FileSizeLimit, rollOnFileSizeLimit: true, retainedFileCountLimit: 5)
        .CreateLogger();

    private static LogEventLevel LevelOf(LogVerbosity verbosity) => verbosity switch
    {
        LogVerbosity.Packet => LogEventLevel.Verbose,
        LogVerbosity.Debug => LogEventLevel.Debug,
        LogVerbosity.Warning => LogEventLevel.Warning,
        LogVerbosity.Error => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };
}
