"""Python loads this before moto: it takes away what costs moto most of its time, and has it encrypt volumes and copies of snapshots as AWS does."""

import collections
import copy
import fnmatch
import functools
import json
import logging
import os
import threading
import time
import types

try:
    import jsonpath_ng.ext
    import moto.backends
    import moto.core.responses
    import moto.core.serialize
    import moto.events.models
    import moto.kms.models
    import moto.moto_server.werkzeug_app
    import moto.sqs.models
    import yaml

    # moto builds a parser anew for each path of each delivery of an event
    jsonpath_ng.ext.parse = functools.lru_cache(jsonpath_ng.ext.parse)
    # and the list of a service's methods for each request
    moto.core.responses.method_names_from_class = functools.lru_cache(moto.core.responses.method_names_from_class)
    # and by which names a thing may hold a member of an answer, and what then becomes of it, for each member of each answer
    MISSING, AttributePicker = moto.core.serialize.MISSING, moto.core.serialize.AttributePicker
    names, changes = {}, {}

    def pick(self, context):
        value = None
        for name in names_of(self, context):
            found = moto.core.serialize.get_value(context.obj, name, MISSING)
            if found is not MISSING:
                value = found
                break
        change = change_of(self.response_transformers, f"{context.key_path}.{context.key}")
        return change(value) if change else value

    def names_of(picker, context):
        # an object's id says which it is while it is there, so these are kept there
        shape, parent = context.shape, getattr(context.shape, "parent", None)
        at = (type(picker), type(context.obj), id(shape), id(parent), context.key)
        if at not in names:
            names[at] = (tuple(picker.get_possible_keys(context)), shape, parent)
        return names[at][0]

    def change_of(ends, path):
        if not ends:
            return None
        if (id(ends), path) not in changes:
            changes[id(ends), path] = (next((change for end, change in ends.items() if path.endswith(end)), None), ends)
        return changes[id(ends), path][0]

    AttributePicker.__call__ = pick
    # and the folders of all services, twice for each request
    moto.moto_server.werkzeug_app.backends.list_of_moto_modules = functools.lru_cache(
        lambda of=moto.backends.list_of_moto_modules: frozenset(of())
    )
    # a template in JSON is YAML too, which takes a second to read where JSON takes milliseconds
    load_yaml = yaml.load

    def load_json(text, Loader):
        try:
            return json.loads(text)
        except ValueError:
            return load_yaml(text, Loader)

    yaml.load = load_json
    # and a symmetric key needs no pair of RSA keys
    generate_private_key = moto.kms.models.generate_private_key
    moto.kms.models.generate_private_key = lambda spec: None if spec == "SYMMETRIC_DEFAULT" else generate_private_key(spec)
    # it counts all messages of a queue for each that it takes or hands out, and reads the time for each that it counts,
    # by way of four dates; the second count is for leaving out what is days old
    moto.sqs.models.unix_time_millis = lambda: time.time() * 1000
    moto.sqs.models.SQSBackend.is_message_valid_based_on_retention_period = lambda *_: True

    # and counts them thrice for each that is sent, to learn whether the queue is FIFO
    sending = threading.local()
    send_message = moto.sqs.models.SQSBackend.send_message
    attributes = moto.sqs.models.Queue.attributes.fget

    def send_uncounted(*args, **named):
        sending.now = True
        try:
            return send_message(*args, **named)
        finally:
            sending.now = False

    moto.sqs.models.SQSBackend.send_message = send_uncounted
    moto.sqs.models.Queue.attributes = property(
        lambda queue: {} if getattr(sending, "now", False) and not queue.fifo_queue else attributes(queue)
    )

    # while somebody waits at an empty queue, it looks once a second whether what the queue hides can be seen again, and it hides what
    # comes for as long as the queue said when the wait began
    receive_message = moto.sqs.models.SQSBackend.receive_message

    def receive_when_there(self, queue_name, count, wait_seconds_timeout, visibility_timeout, *names):
        queue = self.get_queue(queue_name)
        is_default = visibility_timeout == queue.visibility_timeout
        ends = time.monotonic() + wait_seconds_timeout
        while not queue.messages and (left := ends - time.monotonic()) > 0:
            queue.wait_for_messages(min(left, 0.2 if queue._messages else 1))
        return receive_message(self, queue_name, count, 0, queue.visibility_timeout if is_default else visibility_timeout, *names)

    moto.sqs.models.SQSBackend.receive_message = receive_when_there

    # it takes a message out by making a new list of all others, and loses what comes meanwhile
    delete_message = moto.sqs.models.Queue.delete_message

    def delete_alone(self, handle):
        with self._messages_lock:
            message = next((one for one in self._messages if one.receipt_handle == handle), None)
            if message is None:
                delete_message(self, handle)
                return
            note_work(self, message)
            self._messages.remove(message)
            self.pending_messages.discard(message)
            self.deleted_messages.update(message.all_receipt_handles)

    moto.sqs.models.Queue.delete_message = delete_alone

    # and draws 185 letters, one by one, for each that it hands out
    moto.sqs.models.generate_receipt_handle = lambda: os.urandom(93).hex()

    # it hands out messages as they came, and AWS those of quiet groups first, then those of the group with the fewest in flight. A group is
    # noisy that has more than a tenth of what is in flight, and 30 messages at least, or more than a tenth of the time that was
    # worked on messages in five minutes; a message without a group is alone in its own
    def fair_messages(queue):
        now = time.time()
        at = now * 1000
        held = list(queue._messages)
        there = [one for one in held if one.visible_at < at and one.delayed_until <= at]
        if queue.fifo_queue or not any(one.group_id for one in there):
            return there
        flies = [one.group_id for one in held if one.visible_at > at and one.approximate_receive_count]
        flying, worked = collections.Counter(flies), work_of(queue, now)
        most, long = max(29, len(flies) / 10), sum(worked.values()) / 10
        noisy = {group for group in {*flying, *worked} if group and (flying[group] > most or worked.get(group, 0) > long)}
        quiet = [one for one in there if one.group_id not in noisy]
        return quiet + sorted((one for one in there if one.group_id in noisy), key=lambda one: flying[one.group_id])

    def note_work(queue, message):
        seconds = time.time() - message.visible_at / 1000 + queue.visibility_timeout
        works, worked = works_of(queue)
        works.append((time.time(), message.group_id, seconds))
        worked[message.group_id] += seconds

    def work_of(queue, now):
        works, worked = works_of(queue)
        while works and works[0][0] < now - 300:
            _, group, seconds = works.popleft()
            worked[group] -= seconds
        return dict(worked)

    def works_of(queue):
        return queue.__dict__.setdefault("works", (collections.deque(), collections.Counter()))

    moto.sqs.models.Queue.messages = property(fair_messages)

    # it takes each event apart for each rule, most of which want another name
    matches_event = moto.events.models.EventPattern.matches_event

    def matches_by_name(self, event):
        wanted = self._pattern or {}
        pairs = [(wanted, event, "source"), (wanted, event, "detail-type"), (wanted.get("detail"), event.get("detail"), "eventName")]
        for names, thing, name in pairs:
            if isinstance(names, dict) and isinstance(thing, dict) and is_missed(names.get(name), thing.get(name)):
                return False
        return matches_event(self, event)

    def is_missed(names, name):
        plain = isinstance(names, list) and all(isinstance(one, str) for one in names)
        return plain and isinstance(name, str) and name not in names

    moto.events.models.EventPattern.matches_event = matches_by_name

    # what goes on to another bus keeps its place, its id and its time, and gets there if the policy of the bus lets in the role that
    # it is sent with; a rule that is off sends nothing. moto makes a new event of it, asks nobody, and sends all the same
    send_to_targets = moto.events.models.Rule.send_to_targets

    def send_in_place(self, event, transform_input=True):
        if self.state == "DISABLED":
            return
        buses = [one for one in self.targets if ":event-bus/" in one["Arn"]]
        if buses and self.event_pattern.matches_event(event):
            for target in buses:
                forward(self.account_id, target, event)
        rest = self
        if buses:
            rest = copy.copy(self)
            rest.targets = [one for one in self.targets if one not in buses]
        send_to_targets(rest, event, transform_input)

    def forward(account, target, event):
        _, _, _, region, receiver, name = target["Arn"].split(":")
        bus = moto.events.models.events_backends[receiver][region].event_buses.get(name.removeprefix("event-bus/"))
        if bus is not None and (receiver == account or lets_in(bus, account, target.get("RoleArn", ""))):
            for rule in list(bus.rules.values()):
                rule.send_to_targets(copy.deepcopy(event))

    def lets_in(bus, account, role):
        keys = {"aws:PrincipalAccount": account, "aws:PrincipalArn": role}
        return any(
            all(is_one_of(keys.get(key, ""), wanted) for tests in one.condition.values() for key, wanted in tests.items())
            for one in bus._statements.values()
            if one.condition
        )

    def is_one_of(value, wanted):
        return any(fnmatch.fnmatchcase(value, one) for one in (wanted if isinstance(wanted, list) else [wanted]))

    moto.events.models.Rule.send_to_targets = send_in_place

    import moto.ec2.models.elastic_block_store as ebs

    create_volume = ebs.EBSBackend.create_volume

    def create_by_default(self, size, zone_name, snapshot_id=None, encrypted=False, *args, **named):
        # moto keeps the switch and obeys it nowhere: neither in calls nor in what groups, fleets and Spot requests launch
        return create_volume(self, size, zone_name, snapshot_id, encrypted or self.ebs_encryption_by_default, *args, **named)

    ebs.EBSBackend.create_volume = create_by_default

    copy_snapshot = ebs.EBSBackend.copy_snapshot

    def copy_under_key(self, source_snapshot_id, source_region, description, kms_key_id):
        # moto keeps the key as it was typed, and knows no default here; AWS shows it as an ARN
        if kms_key_id == "alias/aws/ebs":
            kms_key_id = self.default_kms_key_id or self._create_default_encryption_key()
        elif kms_key_id:
            from moto.kms import kms_backends

            kms_key_id = kms_backends[self.account_id][self.region_name].describe_key(kms_key_id).arn
        return copy_snapshot(self, source_snapshot_id, source_region, description, kms_key_id)

    ebs.EBSBackend.copy_snapshot = copy_under_key

    # a transaction copies its whole table beforehand, and puts the copy in the table's place if it fails: that takes longer
    # with each item, and takes back what others wrote meanwhile
    import moto.dynamodb.models as dynamodb
    from moto.dynamodb.models.dynamo_type import DynamoType
    from moto.dynamodb.models.table import Table
    from moto.dynamodb.parsing.expressions import UpdateExpressionParser

    Backend = dynamodb.DynamoDBBackend
    one_writes = threading.RLock()
    keys = threading.local()

    def alone(method):
        @functools.wraps(method)
        def waiting(*args, **named):
            with one_writes:
                return method(*args, **named)

        return waiting

    for name in ("put_item", "update_item", "delete_item", "transact_write_items"):
        setattr(Backend, name, alone(getattr(Backend, name)))

    transact_write_items = Backend.transact_write_items

    def transact_with_keys(self, transact_items):
        keys.of_items = [write.get("Key") or write.get("Item") for item in transact_items for write in item.values()]
        return transact_write_items(self, transact_items)

    Backend.transact_write_items = transact_with_keys

    def copy_of_table(table):
        """A copy whose items are the table's own, but for those that the transaction may change."""
        copied = copy.copy(table)
        copied.items = copy.copy(table.items)
        for key in keys.of_items:
            if table.hash_key_attr in key and (at := DynamoType(key[table.hash_key_attr])) in copied.items:
                copied.items[at] = copy_of_items(copied.items[at], table.range_key_attr and DynamoType(key[table.range_key_attr]))
        return copied

    def copy_of_items(held, at):
        if at is None:
            return copy.deepcopy(held)
        return {**held, at: copy.deepcopy(held[at])} if at in held else dict(held)

    # it takes an expression apart twice for each update, and changes a copy
    UpdateExpressionParser.make = functools.lru_cache(UpdateExpressionParser.make)

    dynamodb.copy = types.SimpleNamespace(deepcopy=lambda it: copy_of_table(it) if isinstance(it, Table) else copy.deepcopy(it))
except (ImportError, AttributeError):
    # not moto's own Python, or another version of it
    pass

# a line for every request; what goes wrong is still logged
logging.getLogger("werkzeug").setLevel(logging.WARNING)

if "REDRESS_NURSERY_SOCKET" in os.environ:
    import nursery

    nursery.serve(os.environ.pop("REDRESS_NURSERY_SOCKET"))
