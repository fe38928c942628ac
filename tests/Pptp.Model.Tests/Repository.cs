namespace Pptp.Model.Tests;

/// <summary>Finds files of the repository from where the tests run.</summary>
internal static class Repository
{
    internal static string File(string path)
    {
        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "PptpServer.sln")))
        {
            folder = folder.Parent;
        }

        Assert.That(folder, Is.Not.Null, "the repository's root");
        return Path.Combine(folder!.FullName, path);
    }
}
