# Words of the interactive parts; they travel with every page. Plain variables { $name } only.

## Lamps
lamp-unlit = not lit yet
lamp-begun = { $done }/{ $parts } done
lamp-lit = lit
lamps-lit = { $lit }/{ $total } lamps lit
go-on = Go on
go-on-first = Start here
go-on-all-lit = Every lamp of the lane is lit!
learn = Learn
minutes = { $minutes } min
get-certificate = Get the certificate

## Listening, letter size
listen = Listen
listen-stop = Stop
text-size = Letter size
text-size-normal = Normal
text-size-large = Large
text-size-largest = Largest

## Questions
quiz-answer = Answer
quiz-right = That is right!
quiz-wrong = Not yet. Why?
quiz-again = Try again
quiz-another = Try another one
quiz-choose-first = Please choose one first.
quiz-several = Choose everything that fits.
quiz-order = Tap them one by one, the first thing first. Tap again to take back.
quiz-order-first = Please tap all of them first.
quiz-step-taken = Number { $place }: { $step }
quiz-match = Choose what goes with the line above.
quiz-match-first = Please match all pairs first.
quiz-number = Answer with a number
quiz-number-first = Please type a number.
quiz-text = Short answer
quiz-text-first = Please type a few words. Diacritics are not needed.

## Practice
simulation-mark = SIMULATION – NOT A REAL APPLICATION
practice-hint = Hint
practice-again = Start again
practice-once-more = You got there. Once more without hints lights the lamp.

## End of a lesson
end-lit = The lamp of this lesson is lit. You can do it now!
end-not-yet = Nearly there. These parts light the lamp:
missing-practice = The practice
missing-question = One question
real-alone = I did it alone
real-helped = I did it with help
real-not-yet = Not yet
real-thanks = Thank you. It is kept on this phone.

## Status line
status-nothing-yet = What you do will be kept on this phone.
status-here = Kept on this phone: { $count }
status-sent = All sent ({ $count }/{ $count })
status-sending = Sending…
status-waiting = Waiting to be sent: { $count } ({ $size } KB)
status-offline = Not sent yet, the network is weak. Still on this phone: { $count } ({ $size } KB). It will be sent by itself.
status-refused = Still on this phone: { $count }. The server did not take it yet ({ $code }). It will be sent again.
status-full = The phone is full, so this was not kept. Please remove some pictures or applications, then repeat the last step.
status-unavailable = This window does not let us keep your work. You can still learn; to keep it, use an ordinary browser.
status-unreadable = Part of the record on this phone cannot be read. Nothing was deleted; please ask a digital ambassador.
status-blocked = An older page in another tab holds your work. Please close the other tabs of this site. Nothing is lost.
status-outdated = This page is old. Please load it again to go on. Your work is safe.
status-lost = The browser has deleted the work on this phone. Go to My learning to get it back.
work-none-waits = Nothing waits to be sent.
work-received = The server has received { $count } things. Last time: { $when }.
work-odd = { $count } things are kept aside for someone to look at. Nothing is lost.
work-clock = This phone's clock is wrong. It is about { $when } now. Your work is kept all the same, in the right order. Please set the clock in Settings.
work-others = Other people on this phone have { $count } things not sent yet.
work-damaged = { $count } parts could not be read and are set aside; the rest works as ever. A saved file keeps them too.

## Record
record-opening = Opening…
record-new = Keep my learning
record-new-why = Choose a name and a PIN. Your lessons follow you to another phone, and you can get a certificate.
record-known-why = Your record is there. If you agree, your work is sent to it. You keep it when you change phones.
record-name = Whole name
record-name-help = As on your papers.
record-pin = New PIN
record-pin-help = 4 to 6 digits, easy for you, hard for others.
record-pin-old = Your PIN
record-agree = I agree that my name and my work are sent to the server, only to keep my lessons and to issue certificates. I can stop at any time.
record-agree-first = Nothing can be sent unless you tick the box. You can go on learning without it.
record-new-button = Keep my learning
record-open = I have a learner code
record-open-why = Enter code and PIN to get your lessons onto this phone.
record-open-button = Get my lessons
record-code = Learner code
record-code-help = 12 digits, on the paper where you wrote them.
record-keep-code = Write this code on paper and keep it safe. On another phone you need it and your PIN.
record-registered = The server keeps this record.
record-merged = You have another record, which was merged with this one. Lit lamps include what was learned there. If it is not yours, tell your ambassador or the commune.
record-waits = No network yet. The record will be sent by itself.
record-stop = Stop sending my work
record-stop-means = From then on nothing of yours is sent. What is on this phone stays. To delete what was sent, send a request under My data, or tell your digital ambassador or the commune.
record-stop-button = I want to stop
record-stop-sure = Stop sending now
name-missing = Please write your name here.
name-too-long = The name is too long. At most 60 characters, please.
pin-length = A PIN has 4 to 6 digits.
pin-too-easy = This PIN is easy to guess. Please choose another one.
code-length = A learner code has 12 digits.
code-mistyped = One digit is mistyped. Please look at the code again.
refused-unreachable = No network yet. Please try again later. Nothing is lost.
refused-store = This phone could not keep it. Please see the last line of the page.
refused-wrong-code-or-pin = Code or PIN is not right. Please look again.
refused-too-many-tries = Too many wrong tries. Please wait { $minutes } min and try again.
refused-not-earned = The server does not see enough lamps yet. Please open the course and see what is missing.
refused-no-record = Please give your name and agree to sending your work first, on the page My learning.
refused-update = This page is old. Please load it again.
refused-other = It did not work. Please try again later. (Details: { $code })

## Phones that have the record
devices = Phones with this record
devices-what = Lost a phone? Take your record off it here. What was sent stays.
devices-show = Show the phones
devices-this = { $label } (this phone)
devices-unnamed = Phone without a name
devices-seen = Last opened at { $when }
devices-remove = Take the record off that phone
devices-remove-means = That phone will no longer open this record. Enter your PIN to take it off.
devices-remove-sure = Take it off now
devices-removed = The record is off that phone.
refused-device-not-linked = That phone no longer has this record.

## Several people, one phone
people-unnamed = No name yet
people-give = Let someone else use this phone
people-who = Who learns now?
people-new = Someone new
people-last = last learned { $when }
people-locked = locked
people-cancel = Not now
people-forgot = Forgotten? Choose Not now, then Someone new, and enter your learner code and PIN under My record. This needs a network.
secret-pin = PIN of { $name }
secret-pictures = { $name }: choose 4 pictures in order
secret-open = Open
secret-chosen = { $count }/4 pictures chosen
secret-wrong = Not right yet. Please try again.
picture-house = House
picture-fish = Fish
picture-tree = Tree
picture-boat = Boat
picture-sun = Sun
picture-moon = Moon
picture-star = Star
picture-hat = Hat
picture-heart = Heart
lock-heading = Lock my record
lock-means = A lock keeps your family from opening your record by mistake. It is no safe: someone who knows phones well can get around it.
lock-by-pin = Lock with my PIN
lock-by-pictures = Lock with 4 pictures
lock-pictures = Choose 4 pictures in an order you remember
lock-again = Once more, please
lock-next = Next
lock-differs = The two were not the same. Please begin again.
lock-cannot = This browser cannot lock a record. Please open the page by its https address.
lock-is-on = Your record is locked. Once somebody else has the phone, it opens only by your secret.
lock-remove = Remove the lock

## Leaving this phone, saved files
leave-heading = Stop using this phone
leave-means = Takes your name, your work and your lamps off this phone. What the server has stays there; your code and PIN bring it back.
leave-ask = I want to stop using it
leave-unsaved = { $count } things are only on this phone. Please send them or save them to a file first, so that nothing is lost.
leave-send = Send now
leave-sending = Sending. When the last line of the page says All sent, press this button again.
leave-save = Save to a file
leave-saved = Saved as { $name }. Look into your downloads; when the file is there, you can take your work off this phone.
leave-sure = Take off this phone
file-heading = Open a saved file
file-means = Brings your work back from a file hoc-bdhvs saved on this or another phone. Opening it twice does no harm.
file-open = Choose the file
file-locked = Your work is back. This record is locked: choose Let someone else use this phone, then the name, to open it.
file-unknown = This is no file of lessons. Please choose one whose name begins with hoc-bdhvs.
file-too-new = This file was saved by a newer page. When there is a network, load the page again and open it then. The file is good.
file-damaged = The file is damaged and was not taken. What is on this phone is untouched. If you have another copy, please try that.

## A record thrown away by the browser
lost-heading = The work on this phone is gone
lost-means = The phone was full and the browser deleted it. What was sent can be had again: enter your learner code and PIN under My record, or choose a saved file.
lost-begin = Begin anew
taken-off-heading = The record was taken off this phone
taken-off-means = The record was taken off from another phone, or deleted at your wish. If it was only taken off, what was sent is still on the server: enter your learner code and PIN under My record to use it here again.

## Certificate
certificate-lamps = { $lit }/{ $needed } lamps lit. Light them all to get the certificate.
certificate-needs-name = You lit them all! The certificate needs your name.
certificate-give-name = Give my name
certificate-earned = You lit them all!
certificate-asking = Asking…
paper-title = Certificate of course completion
paper-given-to = Given to
paper-for = lit the { $lessons } lamps of the course “{ $course }”
paper-day = Day { $day }
paper-qr = Scan to check, no network needed
paper-legal = A result of learning on this platform; it does not replace confirmation under Decision 757/QĐ-BKHCN.
paper-print = Print
paper-check = Check this certificate

## Checking
check-link = Link in the QR code
check-link-help = Scan the QR code on the paper, or paste its link here.
check-button = Check
check-good = Genuine
check-good-means = Signed by its issuer and not changed since.
check-unknown = Cannot tell
check-unknown-means = The certificate can be read, but this page does not know its issuer's signature. Load the page again with a network, then check again.
check-bad = Not valid
check-bad-means = Damaged or changed. Please scan again; if it stays so, ask the issuer.
fact-name = Name
fact-course = Course
fact-lessons = Lessons
fact-day = Day of issue
fact-issuer = Issuer
fact-rule = Rule
fact-number = Number
fact-key = Signing key

check-withdrawn = Withdrawn
check-withdrawn-means = The signature is right, but the person named asked for her record to be deleted. This paper no longer counts.
check-not-asked = Whether it was withdrawn could not be asked. Check again when there is a network.

## My data
data-mine = My data: who has looked
data-show = Show
data-looks = Who has looked at my record
data-no-looks = No staff have opened your record.
data-looks-note = Staff see names when they search in lists; those looks are not written down person by person.
look-by-ambassador = Digital ambassador { $name }
look-by-place-admin = Local officer { $name }
look-by-system-admin = System administrator { $name }
look-by = Officer { $name }
look-seen = opened the record
look-changed = changed details
look-added = put you on the list
look-pin = gave a new PIN
look-given-out = took out the file with your data
look-request = handled your request
look-other = did something else with the record
data-requests = My requests
data-no-requests = You have not asked anything.
data-received = received, answered before { $until }
data-replied = under way, done before { $until }
data-done = done
data-refused = refused
data-file = To see everything on this phone: save the file under Stop using this phone.
data-ask = What do you want to ask?
data-correct-means = Write what is wrong and how it should be. An ambassador or the commune will correct it.
data-restrict-means = The server keeps the data, but only whoever answers requests may see it.
data-delete-means = Deletes name, lessons and certificates on the server and on every phone. It cannot be undone. Somebody will ask you back before it is done.
data-words = A message, if you like
data-send = Send the request
data-asked = Your request was received. You will get a reply within 2 working days.
request-see = See data
request-correct = Correct data
request-provide = Get data as a file
request-withdraw = Take an agreement back
request-restrict = Restrict processing
request-object = Object to processing
request-delete = Delete data
