using static Pptp.Protocol.Ppp.AutomatonActions;
using static Pptp.Protocol.Ppp.PppState;

namespace Pptp.Protocol.Ppp;

/// <summary>
/// The state transition table of RFC 1661 §4.1, whole. Of its options, neither the passive one nor the restart one
/// is taken: a timeout in negotiation finishes the layer, and Open in Stopped, Stopping or Opened does nothing.
/// </summary>
internal static class AutomatonTable
{
    private const AutomatonActions Tld = LayerDown;
    private const AutomatonActions Irc = InitializeRestartCount;
    private const AutomatonActions Zrc = ZeroRestartCount;
    private const AutomatonActions Scr = SendConfigureRequest;
    private const AutomatonActions Sca = SendConfigureAck;
    private const AutomatonActions Scn = SendConfigureNak;
    private const AutomatonActions Str = SendTerminateRequest;
    private const AutomatonActions Sta = SendTerminateAck;
    private const AutomatonActions Scj = SendCodeReject;
    private const AutomatonActions Ser = SendEchoReply;
    private const AutomatonActions Tls = LayerStarted;
    private const AutomatonActions Tlu = LayerUp;
    private const AutomatonActions Tlf = LayerFinished;

    /// <summary>The cell of a state and an event; null where the table has a dash.</summary>
    public static AutomatonTransition? Find(PppState state, AutomatonEvent happened) => happened switch
    {
        AutomatonEvent.Up => state switch
        {
            Initial => To(Closed),
            Starting => To(RequestSent, Irc | Scr),
            _ => null,
        },
        AutomatonEvent.Down => state switch
        {
            Closed or Closing => To(Initial),
            Stopped => To(Starting, Tls),
            Stopping or RequestSent or AckReceived or AckSent => To(Starting),
            Opened => To(Starting, Tld),
            _ => null,
        },
        AutomatonEvent.Open => state switch
        {
            Initial => To(Starting, Tls),
            Closed => To(RequestSent, Irc | Scr),
            Closing => To(Stopping),
            _ => To(state),
        },
        AutomatonEvent.Close => state switch
        {
            Initial => To(Initial),
            Starting => To(Initial, Tlf),
            Closed or Stopped => To(Closed),
            Closing or Stopping => To(Closing),
            Opened => To(Closing, Tld | Irc | Str),
            _ => To(Closing, Irc | Str),
        },
        AutomatonEvent.TimeoutRetry => state switch
        {
            Closing or Stopping => To(state, Str),
            RequestSent or AckReceived => To(RequestSent, Scr),
            AckSent => To(AckSent, Scr),
            _ => null,
        },
        AutomatonEvent.TimeoutGiveUp => state switch
        {
            Closing => To(Closed, Tlf),
            Stopping or RequestSent or AckReceived or AckSent => To(Stopped, Tlf),
            _ => null,
        },
        _ => state is Initial or Starting ? null : FindForPacket(state, happened),
    };

    private static AutomatonTransition? FindForPacket(PppState state, AutomatonEvent happened) => happened switch
    {
        AutomatonEvent.ConfigureRequestGood => state switch
        {
            Closed => To(Closed, Sta),
            Stopped => To(AckSent, Irc | Scr | Sca),
            Closing or Stopping => To(state),
            AckReceived => To(Opened, Sca | Tlu),
            Opened => To(AckSent, Tld | Scr | Sca),
            _ => To(AckSent, Sca),
        },
        AutomatonEvent.ConfigureRequestBad => state switch
        {
            Closed => To(Closed, Sta),
            Stopped => To(RequestSent, Irc | Scr | Scn),
            Closing or Stopping => To(state),
            AckReceived => To(AckReceived, Scn),
            Opened => To(RequestSent, Tld | Scr | Scn),
            _ => To(RequestSent, Scn),
        },
        AutomatonEvent.ConfigureAck => state switch
        {
            Closed or Stopped => To(state, Sta),
            Closing or Stopping => To(state),
            RequestSent => To(AckReceived, Irc),
            AckReceived => To(RequestSent, Scr),
            AckSent => To(Opened, Irc | Tlu),
            _ => To(RequestSent, Tld | Scr),
        },
        AutomatonEvent.ConfigureNak => state switch
        {
            Closed or Stopped => To(state, Sta),
            Closing or Stopping => To(state),
            RequestSent => To(RequestSent, Irc | Scr),
            AckReceived => To(RequestSent, Scr),
            AckSent => To(AckSent, Irc | Scr),
            _ => To(RequestSent, Tld | Scr),
        },
        AutomatonEvent.TerminateRequest => state switch
        {
            AckReceived or AckSent => To(RequestSent, Sta),
            Opened => To(Stopping, Tld | Zrc | Sta),
            _ => To(state, Sta),
        },
        AutomatonEvent.TerminateAck => state switch
        {
            Closing => To(Closed, Tlf),
            Stopping => To(Stopped, Tlf),
            AckReceived => To(RequestSent),
            Opened => To(RequestSent, Tld | Scr),
            _ => To(state),
        },
        AutomatonEvent.UnknownCode => To(state, Scj),
        AutomatonEvent.RejectPermitted => To(state == AckReceived ? RequestSent : state),
        AutomatonEvent.RejectCatastrophic => state switch
        {
            Closed or Closing => To(Closed, Tlf),
            Opened => To(Stopping, Tld | Irc | Str),
            _ => To(Stopped, Tlf),
        },
        AutomatonEvent.Echo => To(state, state == Opened ? Ser : None),
        _ => null,
    };

    private static AutomatonTransition To(PppState next, AutomatonActions actions = None) => new(actions, next);
}
