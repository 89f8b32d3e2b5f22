namespace Homelab.Automation.Tapes;

/// <summary>Knows again what it was shown before, unless very much came in between: what it remembers does not grow with the tape.</summary>
internal sealed class SeenLately(int most)
{
    private HashSet<(string Source, string Fingerprint)> _young = [];
    private HashSet<(string Source, string Fingerprint)> _old = [];

    /// <summary>True when it was not seen lately.</summary>
    internal bool Add(Alert alert)
    {
        var one = (alert.Source, alert.Fingerprint);
        if (_old.Contains(one) || !_young.Add(one)) return false;
        if (_young.Count >= most) (_old, _young) = (_young, []);
        return true;
    }
}
