namespace Pptp.Protocol.Tests.Gre;

internal static class Permutations
{
    /// <summary>Every order of 0 to <paramref name="count"/> - 1.</summary>
    public static IEnumerable<int[]> Of(int count)
    {
        int[] items = [.. Enumerable.Range(0, count)];
        return Permute(items, 0);
    }

    private static IEnumerable<int[]> Permute(int[] items, int from)
    {
        if (from == items.Length)
        {
            yield return [.. items];
            yield break;
        }

        for (int i = from; i < items.Length; i++)
        {
            (items[from], items[i]) = (items[i], items[from]);
            foreach (int[] permutation in Permute(items, from + 1))
                yield return permutation;
            (items[from], items[i]) = (items[i], items[from]);
        }
    }
}
