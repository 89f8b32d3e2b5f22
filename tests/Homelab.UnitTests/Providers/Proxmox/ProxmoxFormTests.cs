using System.Globalization;
using Homelab.Providers.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class ProxmoxFormTests
{
    [Fact]
    public void Fields_keep_their_order_and_take_the_forms_that_Proxmox_reads()
    {
        var form = new ProxmoxForm
        {
            { "timeout", 60 },
            { "forceStop", true },
            { "onboot", false },
            { "cpulimit", 1.5 },
            { "bwlimit", 9_007_199_254_740_993L },
            { "net0", "virtio,bridge=vmbr0" },
            { "delete", ["ide2", "a b"] },
        };

        Assert.Equal("timeout=60&forceStop=1&onboot=0&cpulimit=1.5&bwlimit=9007199254740993&net0=virtio%2Cbridge%3Dvmbr0&delete=ide2&delete=a%20b", form.Encode());
        Assert.Equal(form.Encode(), form.ToString());
    }

    [Fact]
    public void What_is_null_is_left_out_and_what_is_empty_is_not()
    {
        var form = new ProxmoxForm { { "name", (string?)null }, { "vmid", (int?)null }, { "full", (bool?)null }, { "delete", (string[]?)null }, { "description", "" } };

        Assert.Equal("description=", form.Encode());
    }

    [Fact]
    public void A_secret_is_sent_and_never_shown()
    {
        var form = new ProxmoxForm { { "ciuser", "ada" } };
        form.AddSecret("cipassword", new Secret("p&ss word"));

        Assert.Equal("ciuser=ada&cipassword=p%26ss%20word", form.Encode());
        Assert.Equal("ciuser=ada&cipassword=***", form.ToString());
        Assert.DoesNotContain(form, f => f.Contains("p%26ss", StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            Assert.Equal("a=0.25&b=-1", new ProxmoxForm { { "a", 0.25 }, { "b", -1 } }.Encode());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
