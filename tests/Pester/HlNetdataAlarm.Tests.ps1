# Against a real Netdata agent on a loopback port, with one alarm that is always raised and one that never is.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/Peer.ps1"
    $script:folder = New-Folder
    $script:missing = Get-PeerObstacle netdata netdata-core
    if ($missing) { return }
    $port = Get-FreePort
    $null = New-Item "$folder/health.d", "$folder/stock", "$folder/cache", "$folder/lib", "$folder/log" -ItemType Directory
    Set-Content "$folder/netdata.conf" @"
[global]
    run as user = $([Environment]::UserName)
[directories]
    config = $folder
    stock config = $folder/stock
    log = $folder/log
    cache = $folder/cache
    lib = $folder/lib
    home = $folder
    plugins = $folder/stock
    health config = $folder/health.d
    stock health config = $folder/stock
[db]
    mode = ram
[web]
    bind to = 127.0.0.1:$port
[statsd]
    enabled = no
[health]
    run at least every seconds = 1
"@
    # A value of their own: one looked up is no number between two collections, and what is no number is not raised.
    $rules = foreach ($alarm in @{ name = 'hl_always'; when = 'warn: $this > 0' }, @{ name = 'hl_never'; when = 'crit: $this < 0' }) {
        " alarm: $($alarm.name)`n    on: system.load`n  calc: 1`n every: 1s`n  $($alarm.when)`n  info: the load of the machine`n    to: silent`n"
    }
    Set-Content "$folder/health.d/tests.conf" $rules
    $script:peer = Open-Peer netdata '-D', '-c', "$folder/netdata.conf", '-P', "$folder/pid" "http://127.0.0.1:$port/api/v1/info" $folder
    Set-Content "$folder/homelab.yaml" @"
apiVersion: homelab/v1
kind: Lab
metadata: { name: watched }
access: { interactive: monitor }
providers:
  netdata: { url: "http://127.0.0.1:$port" }
"@
    $null = Connect-Hl "$folder/homelab.yaml"
    Wait-Until { "$((Get-HlNetdataAlarm -All).ForEach{ "$($_.Name) $($_.Status)" } | Sort-Object)" -eq 'hl_always Warning hl_never Clear' }
}

AfterAll {
    Disconnect-Hl
    Close-Peer $peer $folder
}

Describe 'Get-HlNetdataAlarm' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'lists what is raised <as>' -ForEach @(
        @{ as = 'without a name'; call = { Get-HlNetdataAlarm } }
        @{ as = 'by position'; call = { Get-HlNetdataAlarm hl_always } }
        @{ as = 'by parameter'; call = { Get-HlNetdataAlarm -Name hl_always } }
        @{ as = 'by a pattern'; call = { Get-HlNetdataAlarm hl_* } }
        @{ as = 'from the pipeline'; call = { 'hl_always' | Get-HlNetdataAlarm } }
        @{ as = 'from an alarm'; call = { Get-HlNetdataAlarm hl_always | Get-HlNetdataAlarm } }
    ) {
        $alarm = & $call
        $alarm | Should -BeOfType ([Homelab.NetdataAlarm])
        $alarm.Name | Should -Be 'hl_always'
        $alarm.Status | Should -Be 'Warning'
        $alarm.Chart | Should -Be 'system.load'
        $alarm.Info | Should -Be 'the load of the machine'
        $alarm.Value | Should -Match '\d'
        $alarm.Since | Should -BeGreaterThan ([datetimeoffset]::UtcNow.AddHours(-1))
    }

    It 'lists what is not raised too with -All' {
        (Get-HlNetdataAlarm -All).ForEach{ "$($_.Name) $($_.Status)" } | Sort-Object | Should -Be 'hl_always Warning', 'hl_never Clear'
    }

    It 'finds nothing without a word: that an alarm is not raised is good news' {
        Get-HlNetdataAlarm hl_never -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'is a row that says how bad it is, and since when' {
        ((Get-HlNetdataAlarm | Out-String -Width 160) -replace '\x1b\[[0-9;]*m') | Should -Match 'Name +Status +Value +Since +Chart[\s\S]*hl_always +Warning +.*system\.load'
    }
}

Describe 'A Netdata that is not there' {
    It 'is an error: <what>' -ForEach @(
        @{ what = 'nothing listens'; providers = 'providers: { netdata: { url: "http://127.0.0.1:1" } }'; id = 'NetdataUnreachable'; category = 'ResourceUnavailable' }
        @{ what = 'the lab file names none'; providers = ''; id = 'NetdataNotConfigured'; category = 'ObjectNotFound' }
    ) {
        $file = "$folder/$([Guid]::NewGuid()).yaml"
        Set-Content $file "apiVersion: homelab/v1`nkind: Lab`nmetadata: { name: none }`n$providers"
        $null = Connect-Hl $file
        $caught = Get-Caught { Get-HlNetdataAlarm }
        $caught.FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.GetHlNetdataAlarmCommand"
        $caught.CategoryInfo.Category | Should -Be $category
    }
}
