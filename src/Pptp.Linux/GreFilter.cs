using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>
/// The classic BPF program on the GRE socket. That socket sees all GRE of the network namespace; only what RFC 2637
/// §4.1 describes goes up: version 1, key present, protocol type 0x880B.
/// </summary>
internal static unsafe class GreFilter
{
    private const ushort LoadIpHeaderLength = 0xB1; // BPF_LDX | BPF_B | BPF_MSH: X = 4 * (packet[k] & 0x0f)
    private const ushort LoadHalfAtX = 0x48; // BPF_LD | BPF_H | BPF_IND: A = big-endian 16 bits at packet[X + k]
    private const ushort And = 0x54; // BPF_ALU | BPF_AND | BPF_K
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K

    // The bits of the first two octets: K is 0x2000, the version the lowest three.
    private const uint KeyAndVersionMask = 0x2007;
    private const uint KeyAndVersionOne = 0x2001;
    private const uint ProtocolPpp = 0x880B;
    private const uint WholePacket = 0x40000;

    /// <summary>Puts the filter on a raw IPv4 socket.</summary>
    /// <exception cref="LinuxException">ENOMEM, EPERM.</exception>
    internal static void Attach(int descriptor)
    {
        Instruction* program = stackalloc Instruction[]
        {
            // The packet starts with the IP header, whose length varies with its options.
            new(LoadIpHeaderLength, 0, 0, 0),
            new(LoadHalfAtX, 0, 0, 0),
            new(And, 0, 0, KeyAndVersionMask),
            new(JumpIfEqual, 0, 3, KeyAndVersionOne),
            new(LoadHalfAtX, 0, 0, 2),
            new(JumpIfEqual, 0, 1, ProtocolPpp),
            new(Return, 0, 0, WholePacket),
            new(Return, 0, 0, 0),
        };
        Program filter = new() { Length = 8, Instructions = program };
        if (setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(Program)) < 0)
        {
            throw new LinuxException("setsockopt(SO_ATTACH_FILTER)", "the GRE socket", errno);
        }
    }

    /// <summary>struct sock_filter</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    /// <summary>struct sock_fprog</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        internal ushort Length;
        internal Instruction* Instructions;
    }
}
