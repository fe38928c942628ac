using System.Text;

namespace Pptp.Protocol.Tests.Control;

/// <summary>Control messages as hex, with the long zero-filled text fields written as text.</summary>
internal static class ControlBytes
{
    /// <summary>Hex with spaces; <c>'text'*64</c> is text in a field of 64 octets filled with zeros.</summary>
    public static byte[] Parse(string description)
    {
        var bytes = new List<byte>();
        foreach (string word in description.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word[0] != '\'')
            {
                bytes.AddRange(Convert.FromHexString(word));
                continue;
            }

            int end = word.LastIndexOf('\'');
            byte[] field = new byte[int.Parse(word[(end + 2)..])];
            Encoding.ASCII.GetBytes(word[1..end]).CopyTo(field, 0);
            bytes.AddRange(field);
        }

        return [.. bytes];
    }
}
