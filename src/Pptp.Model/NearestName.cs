namespace Pptp.Model;

/// <summary>Finds what a misspelled word was meant to be.</summary>
internal static class NearestName
{
    // Longer input is no typing mistake, and the distance costs its square.
    private const int LongestInput = 64;

    /// <summary>The candidate that the fewest slips turn into the given word; null when none is near.</summary>
    internal static string? Find(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > LongestInput)
        {
            return null;
        }

        string? nearest = null;
        int best = Math.Max(1, word.Length / 3);
        foreach (string candidate in candidates)
        {
            int distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < best || (distance == best && nearest is null))
            {
                (best, nearest) = (distance, candidate);
            }
        }

        return nearest;
    }

    // Optimal string alignment: insertions, deletions, substitutions, and two neighbours swapped, each one slip.
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > LongestInput)
        {
            return int.MaxValue;
        }

        int[,] distance = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            distance[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            distance[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                int step = Math.Min(distance[i - 1, j] + 1, distance[i, j - 1] + 1);
                distance[i, j] = Math.Min(substitution, step);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
                }
            }
        }

        return distance[a.Length, b.Length];
    }
}
