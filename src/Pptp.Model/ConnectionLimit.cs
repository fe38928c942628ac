namespace Pptp.Model;

/// <summary>At most <paramref name="Count"/> events in any <paramref name="Period"/>; written <c>10/1m</c>.</summary>
public readonly record struct ConnectionLimit(int Count, TimeSpan Period);
