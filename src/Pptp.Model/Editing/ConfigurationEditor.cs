using System.Globalization;
using System.Text;
using Pptp.Model.Loading;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Editing;

/// <summary>
/// Writes changes back to pptpd.toml and the files it includes. Comments, order and everything else stay as they are,
/// to the byte. What the files would amount to is checked as a whole before anything is written.
/// </summary>
/// <param name="path">The main file.</param>
/// <param name="replacer">Does the writing.</param>
public sealed class ConfigurationEditor(string path, IFileReplacer replacer)
{
    /// <summary>How often a change is made anew because somebody else has changed the file meanwhile.</summary>
    private const int Attempts = 10;

    private readonly Lock _lock = new();

    /// <summary>Makes the changes, all or none; safe from every thread. Waits for the disk.</summary>
    /// <param name="edits">They may concern several rows, of one file.</param>
    public EditResult Apply(params IReadOnlyList<ConfigurationEdit> edits) => Apply(_ => null, edits);

    /// <summary>Makes the changes unless the configuration, as the files have it then, speaks against them.</summary>
    /// <param name="whyNot">Says why not; null: nothing does.</param>
    /// <param name="edits">They may concern several rows, of one file.</param>
    public EditResult Apply(Func<PptpConfiguration, string?> whyNot, params IReadOnlyList<ConfigurationEdit> edits)
    {
        ArgumentNullException.ThrowIfNull(whyNot);
        ArgumentNullException.ThrowIfNull(edits);
        lock (_lock)
        {
            try
            {
                for (int attempt = 0; attempt < Attempts; attempt++)
                {
                    if (TryApply(whyNot, edits) is { } saved)
                    {
                        return saved;
                    }
                }

                return new EditResult.Refused("the configuration is being changed by somebody else all the time", []);
            }
            catch (EditRefusedException e)
            {
                return new EditResult.Refused(e.Message, e.Findings);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
            {
                return new EditResult.Refused($"the configuration cannot be read: {TomlText.Escape(e.Message)}", []);
            }
        }
    }

    /// <summary>Null when somebody else was faster.</summary>
    private EditResult.Saved? TryApply(Func<PptpConfiguration, string?> whyNot, IReadOnlyList<ConfigurationEdit> edits)
    {
        // What is wrong already cannot be told from what the change would make wrong.
        ConfigurationResult before = MustBeSound(ConfigurationLoader.Load(path), "the configuration has errors");
        EditedFiles files = new(before.Files);
        if (whyNot(before.Configuration!) is { } reason)
        {
            throw new EditRefusedException(reason);
        }

        foreach (ConfigurationEdit edit in edits)
        {
            EditApplication.Apply(files, edit);
        }

        IReadOnlyList<(string Path, byte[] Before, byte[] After)> changes = files.Changes();
        if (changes.Count == 0)
        {
            return new(before.Configuration!, before.Findings);
        }

        if (changes.Count > 1)
        {
            throw new EditRefusedException("rows of several files cannot be changed at once");
        }

        (string file, byte[] old, byte[] content) = changes[0];
        if (content.Length > ConfigurationFiles.LargestFile)
        {
            throw new EditRefusedException(string.Create(
                CultureInfo.InvariantCulture, $"{file} would be larger than {ConfigurationFiles.LargestFile} bytes"));
        }

        ConfigurationResult after = MustBeSound(
            ConfigurationLoader.Load(path, files.Texts), "the configuration would have errors");
        try
        {
            return replacer.TryReplace(file, old, content) ? new(after.Configuration!, after.Findings) : null;
        }
        catch (IOException e)
        {
            throw new EditRefusedException($"{TomlText.Escape(file)} {TomlText.Escape(e.Message)}");
        }
    }

    private static ConfigurationResult MustBeSound(ConfigurationResult result, string otherwise) =>
        result.Configuration is not null
            ? result
            : throw new EditRefusedException($"{otherwise}: {result.Errors.First()}", [.. result.Errors]);
}
