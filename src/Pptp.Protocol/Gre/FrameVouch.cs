namespace Pptp.Protocol.Gre;

/// <summary>Says whether a frame that came far from the order is the peer's: encryption can tell.</summary>
public delegate bool FrameVouch(ReadOnlySpan<byte> frame, uint sequence, TimeSpan now);
