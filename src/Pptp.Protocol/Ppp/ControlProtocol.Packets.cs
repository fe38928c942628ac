using System.Buffers.Binary;

namespace Pptp.Protocol.Ppp;

/// <content>Packets of the peer: their form, identifiers and options (RFC 1661 §5).</content>
internal abstract partial class ControlProtocol
{
    /// <summary>Takes one packet, the information field of a frame. Invalid ones are discarded silently.</summary>
    public void Receive(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        if (State is PppState.Initial or PppState.Starting) return;
        if (packet.Length < ControlCode.HeaderLength) return;
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        // RFC 1661 §5: what lies beyond the length is padding; a length beyond the frame is invalid.
        if (length < ControlCode.HeaderLength || length > packet.Length) return;
        HasHeardPeer = true;
        _received = packet[..length].ToArray();
        _receivedIdentifier = packet[1];
        ReadOnlySpan<byte> body = _received.AsSpan(ControlCode.HeaderLength);
        switch (packet[0])
        {
            case ControlCode.ConfigureRequest:
                ReceiveConfigureRequest(body, now);
                break;
            case ControlCode.ConfigureAck:
                ReceiveConfigureAck(body, now);
                break;
            case ControlCode.ConfigureNak:
            case ControlCode.ConfigureReject:
                ReceiveConfigureNakOrReject(packet[0] == ControlCode.ConfigureReject, body, now);
                break;
            case ControlCode.TerminateRequest:
                PeerTerminateText = body.ToArray();
                Fire(AutomatonEvent.TerminateRequest, now);
                Host.PeerTerminated(this, now);
                break;
            case ControlCode.TerminateAck:
                if (State == PppState.Closing && _receivedIdentifier != _terminateIdentifier) break;
                Fire(AutomatonEvent.TerminateAck, now);
                break;
            case ControlCode.CodeReject when !body.IsEmpty:
                // RFC 1661 §5.6: no implementation can do without codes 1 to 7.
                bool isVital = body[0] is >= ControlCode.ConfigureRequest and <= ControlCode.CodeReject;
                Fire(isVital ? AutomatonEvent.RejectCatastrophic : AutomatonEvent.RejectPermitted, now);
                break;
            case ControlCode.CodeReject:
                break;
            default:
                if (!ReceiveOther(packet[0], _receivedIdentifier, body, now))
                    Fire(AutomatonEvent.UnknownCode, now);
                break;
        }
    }

    private void ReceiveConfigureRequest(ReadOnlySpan<byte> body, TimeSpan now)
    {
        if (!PppOption.TryParseList(body, out IReadOnlyList<PppOption>? options)) return;
        if (State == PppState.Opened && IsRepetition(body))
        {
            _acknowledgedIdentifier = _receivedIdentifier;
            SendPacket(ControlCode.ConfigureAck, _receivedIdentifier, body);
            return;
        }
        if (State is PppState.Closed or PppState.Closing or PppState.Stopping)
        {
            Fire(AutomatonEvent.ConfigureRequestGood, now);
            return;
        }
        if (JudgeAll(options, body) is { } failure)
        {
            Host.NegotiationFailed(this, failure, now);
            return;
        }
        bool isGood = _answerCode == ControlCode.ConfigureAck;
        Fire(isGood ? AutomatonEvent.ConfigureRequestGood : AutomatonEvent.ConfigureRequestBad, now);
    }

    private bool IsRepetition(ReadOnlySpan<byte> body) => _acknowledged is { } acknowledged
        && body.SequenceEqual(acknowledged)
        && (RepetitionMayChangeIdentifier || _receivedIdentifier == _acknowledgedIdentifier);

    private NegotiationFailure? JudgeAll(IReadOnlyList<PppOption> options, ReadOnlySpan<byte> body)
    {
        List<PppOption> naks = [];
        List<PppOption> disputed = [];
        List<PppOption> rejects = [];
        HashSet<byte> seen = [];
        if (BeginJudging(options) is { } hopeless) return hopeless;
        foreach (PppOption option in options)
        {
            OptionVerdict verdict = seen.Add(option.Type) ? Judge(option) : OptionVerdict.Reject;
            if (verdict.IsReject) rejects.Add(option);
            if (verdict.Suggestion is not { } suggestion) continue;
            naks.Add(suggestion);
            disputed.Add(option);
        }
        if (rejects.Count == 0) AddMissing(naks);
        if (rejects.Count == 0 && naks.Count > 0 && _naksSent >= timers.MaxFailure)
        {
            if (NotConverging() is { } failure) return failure;
            // RFC 1661 §4.6: from here on Naks become Rejects, and nothing is added to the peer's wishes.
            rejects = disputed;
            naks = [];
        }
        // RFC 1661 §5.4: Rejects go before Naks, all in one packet, in the order received.
        (_answerCode, _answer) = (rejects.Count, naks.Count) switch
        {
            ( > 0, _) => (ControlCode.ConfigureReject, PppOption.EncodeList(rejects)),
            (0, > 0) => (ControlCode.ConfigureNak, PppOption.EncodeList(naks)),
            _ => (ControlCode.ConfigureAck, body.ToArray()),
        };
        return null;
    }

    private void ReceiveConfigureAck(ReadOnlySpan<byte> body, TimeSpan now)
    {
        // RFC 1661 §5.2: identifier and options must be those of the last request.
        if (State is not (PppState.Closed or PppState.Stopped) && (!TakeAnswer() || !body.SequenceEqual(_request)))
            return;
        _requestIsOutstanding = false;
        CommitOwnRequest();
        Fire(AutomatonEvent.ConfigureAck, now);
    }

    private void ReceiveConfigureNakOrReject(bool isReject, ReadOnlySpan<byte> body, TimeSpan now)
    {
        if (State is not (PppState.Closed or PppState.Stopped))
        {
            if (!TakeAnswer()) return;
            if (!PppOption.TryParseList(body, out IReadOnlyList<PppOption>? options) || options.Count == 0) return;
            if (isReject && !AreOurs(options)) return;
            _requestIsOutstanding = false;
            foreach (PppOption option in options)
            {
                if ((isReject ? ReceiveReject(option) : ReceiveNak(option)) is not { } failure) continue;
                Host.NegotiationFailed(this, failure, now);
                return;
            }
        }
        Fire(AutomatonEvent.ConfigureNak, now);
    }

    private bool TakeAnswer() => _requestIsOutstanding && _receivedIdentifier == _requestIdentifier;

    /// <summary>RFC 1661 §5.4: a Configure-Reject holds options of the request, unchanged.</summary>
    private bool AreOurs(IReadOnlyList<PppOption> rejected) =>
        PppOption.TryParseList(_request, out IReadOnlyList<PppOption>? requested)
        && rejected.All(option => requested.Any(option.HasSameBytes));
}
