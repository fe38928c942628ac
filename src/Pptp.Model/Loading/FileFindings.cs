using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Takes what is found in one file.</summary>
internal sealed class FileFindings(string file, Action<ConfigurationError> add)
{
    internal string File => file;

    internal void Error(SourcePosition position, string key, string message) =>
        add(new(file, position.Line, position.Column, key, message, ConfigurationSeverity.Error));

    internal void Warning(SourcePosition position, string key, string message) =>
        add(new(file, position.Line, position.Column, key, message, ConfigurationSeverity.Warning));

    /// <summary>An error of the file as a whole.</summary>
    internal void Error(string message) => add(new(file, 0, 0, "", message, ConfigurationSeverity.Error));

    /// <summary>A warning about the file as a whole.</summary>
    internal void Warning(string message) => add(new(file, 0, 0, "", message, ConfigurationSeverity.Warning));
}
