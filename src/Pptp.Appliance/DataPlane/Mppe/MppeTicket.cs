namespace Pptp.Appliance.DataPlane.Mppe;

/// <summary>Where an engine has the keys of one direction of a call, as long as its batch lasts.</summary>
internal struct MppeTicket
{
    /// <summary>The batch; 0: none.</summary>
    public long Batch;

    public int Place;
}
