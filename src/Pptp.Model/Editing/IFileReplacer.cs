namespace Pptp.Model.Editing;

/// <summary>Puts a file's new content in place of its old one: whole or not at all, and to stay.</summary>
public interface IFileReplacer
{
    /// <param name="path">The file; a symbolic link stands for what it leads to.</param>
    /// <param name="expected">What it must still hold: whatever else it holds is somebody else's change.</param>
    /// <param name="content">What it is to hold.</param>
    /// <returns>False, with nothing done, when the file holds something else.</returns>
    /// <exception cref="IOException">It cannot be done, and nothing was; the message, to follow the file's name, says
    /// why.</exception>
    bool TryReplace(string path, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> content);
}
