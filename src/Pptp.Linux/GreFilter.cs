using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>
/// The classic BPF programs on the GRE sockets. That socket sees all GRE of the network namespace; only what RFC 2637
/// §4.1 describes goes up: version 1, key present, protocol type 0x880B.
/// </summary>
internal static unsafe class GreFilter
{
    private const ushort LoadIpHeaderLength = 0xB1; // BPF_LDX | BPF_B | BPF_MSH: X = 4 * (packet[k] & 0x0f)
    private const ushort LoadByte = 0x30; // BPF_LD | BPF_B | BPF_ABS: A = packet[k]
    private const ushort LoadHalf = 0x28; // BPF_LD | BPF_H | BPF_ABS: A = big-endian 16 bits at packet[k]
    private const ushort JumpIfAny = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    private const ushort LoadHalfAtX = 0x48; // BPF_LD | BPF_H | BPF_IND: A = big-endian 16 bits at packet[X + k]
    private const ushort And = 0x54; // BPF_ALU | BPF_AND | BPF_K
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K

    // The bits of the first two octets: K is 0x2000, the version the lowest three.
    private const uint KeyAndVersionMask = 0x2007;
    private const uint KeyAndVersionOne = 0x2001;
    private const uint ProtocolPpp = 0x880B;
    private const uint WholePacket = 0x40000;
    private const uint ProtocolGre = 47;
    private const uint Fragment = 0x3FFF;

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
        Attach(descriptor, program, 8);
    }

    /// <summary>Puts the same on a packet socket, which sees all of IPv4, from the IP header on.</summary>
    /// <exception cref="LinuxException">ENOMEM, EPERM.</exception>
    internal static void AttachToRing(int descriptor)
    {
        Instruction* program = stackalloc Instruction[]
        {
            new(LoadByte, 0, 0, 9),
            new(JumpIfEqual, 0, 9, ProtocolGre),
            // More fragments, or an offset: what could not be put together is no packet.
            new(LoadHalf, 0, 0, 6),
            new(JumpIfAny, 7, 0, Fragment),
            new(LoadIpHeaderLength, 0, 0, 0),
            new(LoadHalfAtX, 0, 0, 0),
            new(And, 0, 0, KeyAndVersionMask),
            new(JumpIfEqual, 0, 3, KeyAndVersionOne),
            new(LoadHalfAtX, 0, 0, 2),
            new(JumpIfEqual, 0, 1, ProtocolPpp),
            new(Return, 0, 0, WholePacket),
            new(Return, 0, 0, 0),
        };
        Attach(descriptor, program, 12);
    }

    /// <summary>Lets nothing through.</summary>
    /// <exception cref="LinuxException">ENOMEM, EPERM.</exception>
    internal static void AttachNothing(int descriptor)
    {
        Instruction nothing = new(Return, 0, 0, 0);
        Attach(descriptor, &nothing, 1);
    }

    private static void Attach(int descriptor, Instruction* program, ushort length)
    {
        Program filter = new() { Length = length, Instructions = program };
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
